EDIT_TEAM = "staff.edit_team"
EDIT_ROTA = "staff.edit_rota"
