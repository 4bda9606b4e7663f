EDIT_CATALOG = "catalog.edit"
SEE_CATALOG = "catalog.see"
