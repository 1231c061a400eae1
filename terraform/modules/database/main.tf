# PostgreSQL: one primary, a standby in another zone where availability is promised.

variable "name" { type = string }
variable "vpc_id" { type = string }
variable "subnets" { type = list(string) }
variable "kms_key_arn" { type = string }
variable "instance_class" { type = string }
variable "storage_gb" { type = number }
variable "multi_az" { type = bool }
variable "client_security_group" { type = string }
# The point in time that can be gone back to (docs/runbooks/banco-perdido.md).
variable "backup_days" { type = number }

resource "aws_db_subnet_group" "this" {
  name_prefix = "${var.name}-"
  subnet_ids  = var.subnets
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-db-"
  description = "PostgreSQL, from the hub's services alone"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "hub" {
  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL from the hub"
  referenced_security_group_id = var.client_security_group
  from_port                    = 5432
  to_port                      = 5432
  ip_protocol                  = "tcp"
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
  # Statements are not logged: they hold plates. What is slow is found by its duration and in Performance Insights.
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }
  lifecycle { create_before_destroy = true }
}

resource "aws_db_instance" "this" {
  # checkov:skip=CKV_AWS_157:chosen by environment; production has it
  # checkov:skip=CKV_AWS_161:the hub logs in by one password in one address (GTV_DATABASE_URL), which is a secret
  # checkov:skip=CKV2_AWS_30:statements hold plates and must not be in a log; slow ones are logged without parameters
  identifier_prefix                   = "${var.name}-"
  engine                              = "postgres"
  engine_version                      = "16"
  instance_class                      = var.instance_class
  allocated_storage                   = var.storage_gb
  max_allocated_storage               = var.storage_gb * 4
  storage_type                        = "gp3"
  storage_encrypted                   = true
  kms_key_id                          = var.kms_key_arn
  db_name                             = "gtv"
  username                            = "gtv"
  password                            = random_password.this.result
  multi_az                            = var.multi_az
  db_subnet_group_name                = aws_db_subnet_group.this.name
  vpc_security_group_ids              = [aws_security_group.this.id]
  parameter_group_name                = aws_db_parameter_group.this.name
  backup_retention_period             = var.backup_days
  copy_tags_to_snapshot               = true
  deletion_protection                 = true
  auto_minor_version_upgrade          = true
  performance_insights_enabled        = true
  performance_insights_kms_key_id     = var.kms_key_arn
  monitoring_interval                 = 60
  monitoring_role_arn                 = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports     = ["postgresql", "upgrade"]
  final_snapshot_identifier           = "${var.name}-final"
  iam_database_authentication_enabled = false
}

resource "random_password" "this" {
  length  = 48
  special = false
}

resource "aws_secretsmanager_secret" "url" {
  # checkov:skip=CKV2_AWS_57:changed by `terraform apply -replace`, which sets the database and the services together
  name                    = "${var.name}/GTV_DATABASE_URL"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "url" {
  secret_id     = aws_secretsmanager_secret.url.id
  secret_string = "postgresql://gtv:${random_password.this.result}@${aws_db_instance.this.address}:5432/gtv?sslmode=require"
}

resource "aws_iam_role" "monitoring" {
  name_prefix = "${var.name}-rds-"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "monitoring.rds.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

output "host" { value = aws_db_instance.this.address }
output "identifier" { value = aws_db_instance.this.identifier }
output "url_secret_arn" { value = aws_secretsmanager_secret.url.arn }
