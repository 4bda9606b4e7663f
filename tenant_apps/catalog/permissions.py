EDIT_CATALOG = "catalog.edit"
