# ALB for the hub's pages and for the relay; NLB for what is not HTTP: MQTT of the boxes, TURN of the viewers.

variable "name" { type = string }
variable "vpc_id" { type = string }
variable "public_subnets" { type = list(string) }
variable "certificate_arn" { type = string }
variable "relay_hosts" { type = list(string) }
variable "logs_bucket" { type = string }
variable "kms_key_arn" { type = string }
# Requests of one address in five minutes, before it is stopped; a control room is one address with many people.
variable "requests_per_5_min" { type = number }

resource "aws_security_group" "alb" {
  name_prefix = "${var.name}-alb-"
  description = "HTTPS from everywhere"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "alb" {
  # checkov:skip=CKV_AWS_260:answered with a redirection to HTTPS alone
  for_each          = { 443 = "HTTPS", 80 = "redirected to HTTPS" }
  security_group_id = aws_security_group.alb.id
  description       = each.value
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = each.key
  to_port           = each.key
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "alb" {
  for_each                     = { 8000 = "web", 8100 = "relay" }
  security_group_id            = aws_security_group.alb.id
  description                  = "To ${each.value}"
  referenced_security_group_id = aws_security_group.hub.id
  from_port                    = each.key
  to_port                      = each.key
  ip_protocol                  = "tcp"
}

# The hub's own processes. What they may be reached by is said here, because load balancers are who reaches them.
resource "aws_security_group" "hub" {
  # checkov:skip=CKV2_AWS_5:attached to ECS services in other modules, which the check does not follow
  name_prefix = "${var.name}-hub-"
  description = "The hub's processes"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "hub" {
  for_each                     = { 8000 = "web", 8100 = "relay" }
  security_group_id            = aws_security_group.hub.id
  description                  = "${each.value} from the load balancer"
  referenced_security_group_id = aws_security_group.alb.id
  from_port                    = each.key
  to_port                      = each.key
  ip_protocol                  = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "hub_media" {
  # checkov:skip=CKV_AWS_25:UDP, from TURN's own group alone, to the ports that a relay's kernel chooses
  security_group_id            = aws_security_group.hub.id
  description                  = "WebRTC from TURN alone"
  referenced_security_group_id = aws_security_group.turn.id
  from_port                    = 1024
  to_port                      = 65535
  ip_protocol                  = "udp"
}

# Database, Redis, broker, S3, webhooks of cities, mail: addresses that no rule can list.
resource "aws_vpc_security_group_egress_rule" "hub" {
  security_group_id = aws_security_group.hub.id
  description       = "Outward"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "turn" {
  # checkov:skip=CKV2_AWS_5:attached to ECS services in other modules, which the check does not follow
  name_prefix = "${var.name}-turn-"
  description = "TURN: viewers of live video"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "turn" {
  for_each          = { "3478-udp" = "TURN", "3478-tcp" = "TURN by TCP" }
  security_group_id = aws_security_group.turn.id
  description       = each.value
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = split("-", each.key)[0]
  to_port           = split("-", each.key)[0]
  ip_protocol       = split("-", each.key)[1]
}

resource "aws_vpc_security_group_egress_rule" "turn" {
  security_group_id            = aws_security_group.turn.id
  description                  = "Media to the relays"
  referenced_security_group_id = aws_security_group.hub.id
  from_port                    = 1024
  to_port                      = 65535
  ip_protocol                  = "udp"
}

resource "aws_vpc_security_group_egress_rule" "turn_aws" {
  security_group_id = aws_security_group.turn.id
  description       = "Registry, secrets and logs of AWS"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

# --- HTTP --------------------------------------------------------------------------------------------------------

resource "aws_lb" "http" {
  # checkov:skip=CKV2_AWS_76:as at the web ACL
  name_prefix                = "gtv-"
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.alb.id]
  subnets                    = var.public_subnets
  drop_invalid_header_fields = true
  enable_deletion_protection = true
  # An uplink is one WebSocket for as long as somebody watches; it says something every few seconds.
  idle_timeout = 120
  access_logs {
    bucket  = var.logs_bucket
    prefix  = "alb"
    enabled = true
  }
}

resource "aws_lb_target_group" "http" {
  # checkov:skip=CKV_AWS_378:TLS ends at the load balancer; inside the VPC the hub speaks HTTP
  for_each             = { web = 8000, relay = 8100 }
  name_prefix          = "${substr(each.key, 0, 4)}-"
  vpc_id               = var.vpc_id
  port                 = each.value
  protocol             = "HTTP"
  target_type          = "ip"
  deregistration_delay = 60
  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 15
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
  lifecycle { create_before_destroy = true }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.http.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.http["web"].arn
  }
}

resource "aws_lb_listener_rule" "relay" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10
  condition {
    host_header { values = var.relay_hosts }
  }
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.http["relay"].arn
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.http.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_wafv2_web_acl" "this" {
  # checkov:skip=CKV_AWS_192:the set that holds it (KnownBadInputs) is in the dynamic rule below, which the check does not unfold
  name  = var.name
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  dynamic "rule" {
    for_each = { AWSManagedRulesKnownBadInputsRuleSet = 1, AWSManagedRulesAmazonIpReputationList = 2 }
    content {
      name     = rule.key
      priority = rule.value
      override_action {
        none {}
      }
      statement {
        managed_rule_group_statement {
          name        = rule.key
          vendor_name = "AWS"
        }
      }
      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.key
        sampled_requests_enabled   = false
      }
    }
  }
  rule {
    name     = "rate"
    priority = 3
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit              = var.requests_per_5_min
        aggregate_key_type = "IP"
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = false
    }
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_lb.http.arn
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.waf.arn]
  redacted_fields {
    single_header { name = "authorization" }
  }
  redacted_fields {
    single_header { name = "cookie" }
  }
  # Relay addresses hold the viewers' tokens.
  redacted_fields {
    uri_path {}
  }
  redacted_fields {
    query_string {}
  }
}

resource "aws_cloudwatch_log_group" "waf" {
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = 365
  kms_key_id        = var.kms_key_arn
}

# --- MQTT and TURN -----------------------------------------------------------------------------------------------

resource "aws_lb" "network" {
  name_prefix                      = "gtvn-"
  load_balancer_type               = "network"
  subnets                          = var.public_subnets
  enable_deletion_protection       = true
  enable_cross_zone_load_balancing = true
  access_logs {
    bucket  = var.logs_bucket
    prefix  = "nlb"
    enabled = true
  }
}

locals {
  # TLS ends in broker and coturn: the broker must see the boxes' certificates.
  network_ports = {
    mqtt = { port = 8883, protocol = "TCP" }
    turn = { port = 3478, protocol = "TCP_UDP" }
  }
}

resource "aws_lb_target_group" "network" {
  for_each           = local.network_ports
  name_prefix        = "${substr(replace(each.key, "_", ""), 0, 5)}-"
  vpc_id             = var.vpc_id
  port               = each.value.port
  protocol           = each.value.protocol
  target_type        = "ip"
  preserve_client_ip = true
  health_check {
    protocol = "TCP"
    port     = each.key == "mqtt" ? "8883" : "3478"
  }
  lifecycle { create_before_destroy = true }
}

resource "aws_lb_listener" "network" {
  # checkov:skip=CKV_AWS_2:MQTT and TURN; TLS ends behind it, where client certificates are checked
  # checkov:skip=CKV_AWS_103:passed through, not ended here
  for_each          = local.network_ports
  load_balancer_arn = aws_lb.network.arn
  port              = each.value.port
  protocol          = each.value.protocol
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.network[each.key].arn
  }
}

output "http" { value = { dns = aws_lb.http.dns_name, zone = aws_lb.http.zone_id, arn_suffix = aws_lb.http.arn_suffix } }
output "network" { value = { dns = aws_lb.network.dns_name, zone = aws_lb.network.zone_id } }
output "http_target_groups" { value = { for name, it in aws_lb_target_group.http : name => it.arn } }
output "http_target_group_suffixes" { value = { for name, it in aws_lb_target_group.http : name => it.arn_suffix } }
output "network_target_groups" { value = { for name, it in aws_lb_target_group.network : name => it.arn } }
output "hub_security_group" { value = aws_security_group.hub.id }
output "turn_security_group" { value = aws_security_group.turn.id }
