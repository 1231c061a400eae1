# The hub's own secrets. Made here once, kept by Secrets Manager, read by the services' roles alone.
# Terraform's state holds them too: its bucket is encrypted and closed (terraform/README.md).

variable "name" { type = string }
variable "kms_key_arn" { type = string }

locals {
  made = toset(["GTV_SECRET_KEY", "GTV_RELAY_SECRET", "GTV_TURN_SECRET", "REDIS_AUTH"])
}

resource "random_password" "this" {
  for_each = local.made
  length   = 64
  special  = false
}

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57:GTV_SECRET_KEY and the relay's secret end sessions when they change; docs/runbooks say how and when
  for_each                = local.made
  name                    = "${var.name}/${each.key}"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each      = local.made
  secret_id     = aws_secretsmanager_secret.this[each.key].id
  secret_string = random_password.this[each.key].result
}

output "arns" { value = { for name in local.made : name => aws_secretsmanager_secret.this[name].arn } }
output "redis_auth" {
  value     = random_password.this["REDIS_AUTH"].result
  sensitive = true
}
