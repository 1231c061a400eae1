# What AWS itself sees, as alarms. The product's own figures and alerts are Prometheus' (docs/metrics.md).

variable "name" { type = string }
variable "kms_key_arn" { type = string }
variable "emails" { type = list(string) }
variable "database" { type = string }
variable "cluster" { type = string }
variable "load_balancer" { type = string }
variable "target_groups" { type = map(string) }
variable "services" { type = list(string) }
variable "month_usd" { type = number }

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_subscription" "people" {
  for_each  = toset(var.emails)
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

locals {
  alarms = merge(
    {
      database_cpu = { namespace = "AWS/RDS", metric = "CPUUtilization", statistic = "Average", over = 80, minutes = 15,
      dimensions = { DBInstanceIdentifier = var.database } }
      database_connections = { namespace = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum", over = 160, minutes = 5,
      dimensions = { DBInstanceIdentifier = var.database } }
      http_errors = { namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum", over = 20, minutes = 5,
      dimensions = { LoadBalancer = var.load_balancer } }
      http_slow = { namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "p95", over = 0.5, minutes = 15,
      dimensions = { LoadBalancer = var.load_balancer, TargetGroup = var.target_groups["web"] } }
    },
    { for name, suffix in var.target_groups : "unhealthy_${name}" => {
      namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum", over = 0, minutes = 5,
    dimensions = { LoadBalancer = var.load_balancer, TargetGroup = suffix } } },
    { for name in var.services : "memory_${name}" => {
      namespace = "AWS/ECS", metric = "MemoryUtilization", statistic = "Average", over = 85, minutes = 15,
    dimensions = { ClusterName = var.cluster, ServiceName = name } } },
  )
}

resource "aws_cloudwatch_metric_alarm" "over" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.over
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "database_room" {
  alarm_name          = "${var.name}-database-room"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  dimensions          = { DBInstanceIdentifier = var.database }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 20 * 1024 * 1024 * 1024
  period              = 300
  evaluation_periods  = 3
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

# Bandwidth is most of the bill (docs/custos-aws.md): who watches more than was thought is seen before the month ends.
resource "aws_budgets_budget" "month" {
  name         = var.name
  budget_type  = "COST"
  limit_amount = var.month_usd
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = var.emails
  }
}

output "topic_arn" { value = aws_sns_topic.alarms.arn }
