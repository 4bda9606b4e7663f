SEE_SELF = "accounts.see_self"
