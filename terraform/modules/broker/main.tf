# The MQTT broker. `mosquitto`: one task and the hub's guard beside it, which keeps revoked boxes out; boxes hold
# what is not acknowledged, so its restart costs time, not events. `emqx`: a cluster, for availability past one
# node; it is not told of revocations yet (ADR 70), so production begins with mosquitto.

variable "name" { type = string }
variable "host" {
  type        = string
  description = "broker.SOMETHING, by which boxes and services call it"
}
variable "engine" {
  type = string
  validation {
    condition     = contains(["mosquitto", "emqx"], var.engine)
    error_message = "engine is mosquitto or emqx."
  }
}
variable "nodes" { type = number }
variable "mosquitto_image" { type = string }
variable "emqx_image" { type = string }
variable "hub_image" { type = string }
variable "vpc_id" { type = string }
variable "subnets" { type = list(string) }
variable "cluster_arn" { type = string }
variable "execution_role_arn" { type = string }
variable "task_role_arn" { type = string }
variable "log_group" { type = string }
variable "hub_security_group" { type = string }
variable "pki" { type = object({ file_system = string, access_point = string }) }
variable "target_group_arn" { type = string }
variable "environment" { type = map(string) }
variable "secret_arns" { type = map(string) }

data "aws_region" "here" {}

locals {
  clustered = var.engine == "emqx"
  logs = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = var.log_group
      awslogs-region        = data.aws_region.here.name
      awslogs-stream-prefix = "broker"
    }
  }
  pki = [{ sourceVolume = "pki", containerPath = "/pki", readOnly = false }]

  # What `gtv hub init-pki /pki --broker-bind 0.0.0.0 --hub-bind 0.0.0.0` wrote; the guard signals it by its pid.
  mosquitto = [
    {
      name                   = "broker"
      image                  = var.mosquitto_image
      essential              = true
      user                   = "10001:10001"
      command                = ["mosquitto", "-c", "/pki/mosquitto.conf"]
      workingDirectory       = "/data"
      readonlyRootFilesystem = true
      mountPoints            = concat(local.pki, [{ sourceVolume = "data", containerPath = "/data", readOnly = false }])
      portMappings           = [{ containerPort = 8883, protocol = "tcp" }, { containerPort = 8884, protocol = "tcp" }]
      logConfiguration       = local.logs
    },
    {
      name                   = "guard"
      image                  = var.hub_image
      essential              = true
      command                = ["hub", "broker-guard"]
      readonlyRootFilesystem = true
      environment            = [for name, value in var.environment : { name = name, value = value }]
      secrets                = [for name, arn in var.secret_arns : { name = name, valueFrom = arn }]
      mountPoints            = concat(local.pki, [{ sourceVolume = "data", containerPath = "/tmp", readOnly = false }])
      logConfiguration       = local.logs
    },
  ]

  emqx_settings = {
    EMQX_CLUSTER__DISCOVERY_STRATEGY                                = "dns"
    EMQX_CLUSTER__DNS__NAME                                         = var.host
    EMQX_CLUSTER__DNS__RECORD_TYPE                                  = "a"
    EMQX_LISTENERS__TCP__DEFAULT__ENABLE                            = "false"
    EMQX_LISTENERS__WS__DEFAULT__ENABLE                             = "false"
    EMQX_LISTENERS__WSS__DEFAULT__ENABLE                            = "false"
    EMQX_LISTENERS__SSL__DEFAULT__BIND                              = "0.0.0.0:8883"
    EMQX_LISTENERS__SSL__DEFAULT__SSL_OPTIONS__CACERTFILE           = "/pki/ca.crt"
    EMQX_LISTENERS__SSL__DEFAULT__SSL_OPTIONS__CERTFILE             = "/pki/broker.crt"
    EMQX_LISTENERS__SSL__DEFAULT__SSL_OPTIONS__KEYFILE              = "/pki/broker.key"
    EMQX_LISTENERS__SSL__DEFAULT__SSL_OPTIONS__VERIFY               = "verify_peer"
    EMQX_LISTENERS__SSL__DEFAULT__SSL_OPTIONS__FAIL_IF_NO_PEER_CERT = "true"
    # The certificate's common name is the user, and the user is the topic (ADR 6).
    EMQX_MQTT__PEER_CERT_AS_USERNAME      = "cn"
    EMQX_AUTHORIZATION__NO_MATCH          = "deny"
    EMQX_AUTHORIZATION__DENY_ACTION       = "disconnect"
    EMQX_DASHBOARD__LISTENERS__HTTP__BIND = "0"
  }
  emqx = [{
    name             = "broker"
    image            = var.emqx_image
    essential        = true
    environment      = [for name, value in local.emqx_settings : { name = name, value = value }]
    mountPoints      = local.pki
    portMappings     = [{ containerPort = 8883, protocol = "tcp" }]
    ulimits          = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
    logConfiguration = local.logs
  }]
}

resource "aws_service_discovery_private_dns_namespace" "this" {
  name = trimprefix(var.host, "broker.")
  vpc  = var.vpc_id
}

resource "aws_service_discovery_service" "broker" {
  name = "broker"
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-broker-"
  description = "MQTT: boxes by TLS with their certificates; the hub on a port of its own"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "boxes" {
  security_group_id = aws_security_group.this.id
  description       = "Boxes, which come from everywhere and show a certificate"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 8883
  to_port           = 8883
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "hub" {
  security_group_id            = aws_security_group.this.id
  description                  = "The hub's services"
  referenced_security_group_id = var.hub_security_group
  from_port                    = 8883
  to_port                      = 8884
  ip_protocol                  = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "cluster" {
  for_each                     = local.clustered ? { 4370 = 4370, 5370 = 5370 } : {}
  security_group_id            = aws_security_group.this.id
  description                  = "EMQX among its nodes"
  referenced_security_group_id = aws_security_group.this.id
  from_port                    = each.key
  to_port                      = each.key
  ip_protocol                  = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.this.id
  description       = "Registry, logs, database and Redis of the guard, folder of certificates"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_ecs_task_definition" "this" {
  # checkov:skip=CKV_AWS_336:EMQX writes its configuration into its own file system; mosquitto and the guard do not
  family                   = "${var.name}-broker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  # One process name space: the guard signals mosquitto (SIGHUP) when a certificate is revoked.
  pid_mode           = local.clustered ? null : "task"
  cpu                = 1024
  memory             = 2048
  execution_role_arn = var.execution_role_arn
  task_role_arn      = var.task_role_arn
  volume {
    name = "pki"
    efs_volume_configuration {
      file_system_id     = var.pki.file_system
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = var.pki.access_point
        iam             = "ENABLED"
      }
    }
  }
  volume { name = "data" }
  container_definitions = jsonencode(local.clustered ? local.emqx : local.mosquitto)
}

resource "aws_ecs_service" "this" {
  name            = "broker"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = local.clustered ? var.nodes : 1
  launch_type     = "FARGATE"
  # Of mosquitto there is one: two would each have half of the boxes.
  deployment_minimum_healthy_percent = local.clustered ? 66 : 0
  deployment_maximum_percent         = local.clustered ? 134 : 100
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  network_configuration {
    subnets          = var.subnets
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = false
  }
  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = "broker"
    container_port   = 8883
  }
  service_registries { registry_arn = aws_service_discovery_service.broker.arn }
}

output "security_group" { value = aws_security_group.this.id }
