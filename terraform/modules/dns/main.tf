# Names and certificates of one environment. The zone is made by hand once: its servers are entered at Registro.br.

terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.us_east_1]
    }
  }
}

variable "zone" { type = string }
variable "hosts" { type = list(string) }

data "aws_route53_zone" "this" { name = var.zone }

resource "aws_acm_certificate" "regional" {
  domain_name               = var.hosts[0]
  subject_alternative_names = slice(var.hosts, 1, length(var.hosts))
  validation_method         = "DNS"
  lifecycle { create_before_destroy = true }
}

resource "aws_acm_certificate" "cdn" {
  provider                  = aws.us_east_1
  domain_name               = var.hosts[0]
  subject_alternative_names = slice(var.hosts, 1, length(var.hosts))
  validation_method         = "DNS"
  lifecycle { create_before_destroy = true }
}

# The record of a name is the same in all regions.
resource "aws_route53_record" "validation" {
  for_each = { for it in aws_acm_certificate.regional.domain_validation_options : it.domain_name => it }
  zone_id  = data.aws_route53_zone.this.zone_id
  name     = each.value.resource_record_name
  type     = each.value.resource_record_type
  records  = [each.value.resource_record_value]
  ttl      = 300
}

resource "aws_acm_certificate_validation" "regional" {
  certificate_arn         = aws_acm_certificate.regional.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_acm_certificate_validation" "cdn" {
  provider                = aws.us_east_1
  certificate_arn         = aws_acm_certificate.cdn.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

output "zone_id" { value = data.aws_route53_zone.this.zone_id }
output "certificate_arn" { value = aws_acm_certificate_validation.regional.certificate_arn }
output "cdn_certificate_arn" { value = aws_acm_certificate_validation.cdn.certificate_arn }
