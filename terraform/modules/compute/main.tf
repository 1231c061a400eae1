# The hub's processes on ECS Fargate (ADR 70): one image, one service a process, and their shared folder of certificates.

variable "name" { type = string }
variable "vpc_id" { type = string }
variable "subnets" { type = list(string) }
variable "kms_key_arn" { type = string }
variable "image" {
  type        = string
  description = "The hub's image by digest: REPOSITORY@sha256:…"
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "An image is named by its digest: a tag may be another one tomorrow."
  }
}
# By process: CPU (1024 is one core), memory in MiB, how many.
variable "sizes" {
  type = map(object({ cpu = number, memory_mb = number, count = number }))
}
variable "environment" { type = map(string) }
variable "secret_arns" { type = map(string) }
variable "target_group_arns" {
  type        = map(string)
  description = "By process: web and relay are reached through a load balancer"
}
variable "security_group" { type = string }

data "aws_region" "here" {}

locals {
  ports = { web = 8000, relay = 8100 }
  # Only who signs certificates or talks to the broker sees the folder of keys.
  with_pki = toset(["web", "worker", "ingest"])
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

# --- certificates and keys of the authority: a folder that web, worker, ingest and the broker share ---------------

resource "aws_efs_file_system" "pki" {
  encrypted  = true
  kms_key_id = var.kms_key_arn
  tags       = { Name = "${var.name}-pki" }
  lifecycle { prevent_destroy = true } # with it go the identities of all boxes
}

resource "aws_efs_backup_policy" "pki" {
  file_system_id = aws_efs_file_system.pki.id
  backup_policy { status = "ENABLED" }
}

resource "aws_efs_access_point" "pki" {
  file_system_id = aws_efs_file_system.pki.id
  posix_user {
    uid = 10001
    gid = 10001
  }
  root_directory {
    path = "/pki"
    creation_info {
      owner_uid   = 10001
      owner_gid   = 10001
      permissions = "0700"
    }
  }
}

resource "aws_efs_mount_target" "pki" {
  count           = length(var.subnets)
  file_system_id  = aws_efs_file_system.pki.id
  subnet_id       = var.subnets[count.index]
  security_groups = [aws_security_group.pki.id]
}

resource "aws_security_group" "pki" {
  name_prefix = "${var.name}-pki-"
  description = "NFS, from the hub's services alone"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "pki" {
  security_group_id            = aws_security_group.pki.id
  description                  = "NFS from the hub"
  referenced_security_group_id = var.security_group
  from_port                    = 2049
  to_port                      = 2049
  ip_protocol                  = "tcp"
}

# --- who the processes are ---------------------------------------------------------------------------------------

resource "aws_iam_role" "execution" {
  name_prefix        = "${var.name}-exec-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role" "task" {
  name_prefix        = "${var.name}-task-"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "secrets" {
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = values(var.secret_arns)
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = [var.kms_key_arn]
  }
}

resource "aws_iam_role_policy" "pki" {
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.pki.json
}

data "aws_iam_policy_document" "pki" {
  statement {
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.pki.arn]
    condition {
      test     = "StringEquals"
      variable = "elasticfilesystem:AccessPointArn"
      values   = [aws_efs_access_point.pki.arn]
    }
  }
}

# --- the processes ----------------------------------------------------------------------------------------------

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}/hub"
  retention_in_days = 365
  kms_key_id        = var.kms_key_arn
}

resource "aws_ecs_task_definition" "this" {
  for_each                 = var.sizes
  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory_mb
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  dynamic "volume" {
    for_each = contains(local.with_pki, each.key) ? [1] : []
    content {
      name = "pki"
      efs_volume_configuration {
        file_system_id     = aws_efs_file_system.pki.id
        transit_encryption = "ENABLED"
        authorization_config {
          access_point_id = aws_efs_access_point.pki.id
          iam             = "ENABLED"
        }
      }
    }
  }
  volume { name = "tmp" }

  container_definitions = jsonencode([{
    name                   = each.key
    image                  = var.image
    essential              = true
    command                = concat(["hub", each.key], contains(keys(local.ports), each.key) ? ["--host", "0.0.0.0"] : [])
    readonlyRootFilesystem = true
    environment            = [for name, value in var.environment : { name = name, value = value }]
    secrets                = [for name, arn in var.secret_arns : { name = name, valueFrom = arn }]
    mountPoints = concat(
      [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }],
      contains(local.with_pki, each.key) ? [{ sourceVolume = "pki", containerPath = "/pki", readOnly = each.key == "ingest" }] : []
    )
    portMappings = contains(keys(local.ports), each.key) ? [{ containerPort = local.ports[each.key], protocol = "tcp" }] : []
    # A relay or a web process ends what it has begun.
    stopTimeout = 60
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.here.name
        awslogs-stream-prefix = each.key
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  for_each        = var.sizes
  name            = each.key
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this[each.key].arn
  desired_count   = each.value.count
  launch_type     = "FARGATE"
  # Of beat there is one: it may be gone for a moment, and must not be there twice.
  deployment_minimum_healthy_percent = each.key == "beat" ? 0 : 100
  deployment_maximum_percent         = each.key == "beat" ? 100 : 200
  propagate_tags                     = "SERVICE"

  # What does not become healthy is taken back by ECS itself, and the pipeline is told (.github/workflows/deploy.yml).
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnets
    security_groups  = [var.security_group]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = contains(keys(local.ports), each.key) ? [1] : []
    content {
      target_group_arn = var.target_group_arns[each.key]
      container_name   = each.key
      container_port   = local.ports[each.key]
    }
  }
}

# `gtv hub migrate`, run by the pipeline before the services change.
resource "aws_ecs_task_definition" "migrate" {
  family                   = "${var.name}-migrate"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  volume { name = "tmp" }
  container_definitions = jsonencode([{
    name                   = "migrate"
    image                  = var.image
    essential              = true
    command                = ["hub", "migrate"]
    readonlyRootFilesystem = true
    environment            = [for name, value in var.environment : { name = name, value = value }]
    secrets                = [for name, arn in var.secret_arns : { name = name, valueFrom = arn }]
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.here.name
        awslogs-stream-prefix = "migrate"
      }
    }
  }])
}

output "cluster" { value = aws_ecs_cluster.this.name }
output "cluster_arn" { value = aws_ecs_cluster.this.arn }
output "execution_role_arn" { value = aws_iam_role.execution.arn }
output "task_role_arn" { value = aws_iam_role.task.arn }
output "log_group" { value = aws_cloudwatch_log_group.this.name }
output "migrate_task" { value = aws_ecs_task_definition.migrate.arn }
output "pki" { value = { file_system = aws_efs_file_system.pki.id, access_point = aws_efs_access_point.pki.id } }
