variable "name" { type = string }
variable "zone" {
  type        = string
  description = "Of Route 53, made by hand: exemplo.br"
}
variable "prefix" {
  type        = string
  description = "Before the names of hosts: \"\" in production, \"staging-\""
}
variable "cidr" { type = string }
variable "nat_gateways" { type = number }
variable "image" { type = string }
variable "mosquitto_image" { type = string }
variable "emqx_image" { type = string }
variable "coturn_image" { type = string }
variable "sizes" { type = map(object({ cpu = number, memory_mb = number, count = number })) }
variable "database" {
  type = object({ class = string, storage_gb = number, multi_az = bool, backup_days = number })
}
variable "cache" { type = object({ node_type = string, nodes = number }) }
variable "broker" { type = object({ engine = string, nodes = number }) }
variable "turn_tasks" { type = number }
variable "object_days" { type = number }
variable "requests_per_5_min" { type = number }
variable "alarm_emails" { type = list(string) }
variable "month_usd" { type = number }
variable "repository" { type = string }
variable "environment" { type = string }
