SUSPEND_SALON = "tenants.suspend_salon"
CLOSE_SALON = "tenants.close_salon"
RENAME_HOST = "tenants.rename_host"
DESCRIBE_SALON = "tenants.describe_salon"
