# Redis: jobs, cache, one-time tokens. Nothing in it is the only copy of anything but jobs that were not begun.

variable "name" { type = string }
variable "vpc_id" { type = string }
variable "subnets" { type = list(string) }
variable "kms_key_arn" { type = string }
variable "node_type" { type = string }
variable "nodes" { type = number }
variable "auth_token" {
  type      = string
  sensitive = true
}
variable "client_security_group" { type = string }

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnets
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-redis-"
  description = "Redis, from the hub's services alone"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "hub" {
  security_group_id            = aws_security_group.this.id
  description                  = "Redis from the hub"
  referenced_security_group_id = var.client_security_group
  from_port                    = 6379
  to_port                      = 6379
  ip_protocol                  = "tcp"
}

resource "aws_elasticache_replication_group" "this" {
  # checkov:skip=CKV2_AWS_50:chosen by environment; production has two nodes
  replication_group_id       = var.name
  description                = "GT-Vision: jobs, cache, tokens"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = var.node_type
  num_cache_clusters         = var.nodes
  automatic_failover_enabled = var.nodes > 1
  multi_az_enabled           = var.nodes > 1
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn
  auth_token                 = var.auth_token
  snapshot_retention_limit   = 3
  auto_minor_version_upgrade = true
}

resource "aws_secretsmanager_secret" "url" {
  # checkov:skip=CKV2_AWS_57:changed by `terraform apply -replace`, which sets Redis and the services together
  name                    = "${var.name}/GTV_REDIS_URL"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "url" {
  secret_id     = aws_secretsmanager_secret.url.id
  secret_string = "rediss://:${var.auth_token}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379/0?ssl_cert_reqs=required"
}

output "url_secret_arn" { value = aws_secretsmanager_secret.url.arn }
output "host" { value = aws_elasticache_replication_group.this.primary_endpoint_address }
