# coturn behind the network load balancer (docs/turn.md). It speaks to the relays' private addresses, so nothing of
# it but 3478 is reached from outside, and relays need no public address.

variable "name" { type = string }
variable "image" { type = string }
variable "tasks" { type = number }
variable "realm" { type = string }
variable "relay_cidr" { type = string }
variable "subnets" { type = list(string) }
variable "cluster_arn" { type = string }
variable "execution_role_arn" { type = string }
variable "log_group" { type = string }
variable "security_group" { type = string }
variable "secret_arn" { type = string }
variable "target_group_arn" { type = string }

data "aws_region" "here" {}

locals {
  # docs/turnserver.conf says why; peers are the relays' subnets and nobody else.
  options = join(" ", [
    "-n --listening-port=3478 --min-port=49160 --max-port=49959 --realm=${var.realm}",
    "--use-auth-secret --fingerprint --no-tls --no-dtls",
    "--denied-peer-ip=0.0.0.0-255.255.255.255 --denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "--allowed-peer-ip=${cidrhost(var.relay_cidr, 0)}-${cidrhost(var.relay_cidr, -1)}",
    "--no-multicast-peers --no-tcp-relay --no-cli --user-quota=8 --total-quota=1200 --stale-nonce=600",
    "--no-rfc5780 --no-stun-backward-compatibility --simple-log --log-file=stdout --pidfile=/tmp/turn.pid",
  ])
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.name}-turn"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 1024
  memory                   = 2048
  execution_role_arn       = var.execution_role_arn
  volume { name = "tmp" }
  container_definitions = jsonencode([{
    name                   = "turn"
    image                  = var.image
    essential              = true
    entryPoint             = ["/bin/sh", "-c"]
    command                = ["exec turnserver ${local.options} --static-auth-secret=\"$GTV_TURN_SECRET\""]
    secrets                = [{ name = "GTV_TURN_SECRET", valueFrom = var.secret_arn }]
    readonlyRootFilesystem = true
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]
    portMappings           = [{ containerPort = 3478, protocol = "udp" }, { containerPort = 3478, protocol = "tcp" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = var.log_group
        awslogs-region        = data.aws_region.here.name
        awslogs-stream-prefix = "turn"
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  name            = "turn"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.tasks
  launch_type     = "FARGATE"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = var.subnets
    security_groups  = [var.security_group]
    assign_public_ip = false
  }
  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "turn"
    container_port   = 3478
  }
}
