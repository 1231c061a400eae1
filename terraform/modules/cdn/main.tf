# CloudFront before the relay: HLS of many viewers of one stream leaves AWS once a place, and by the gigabyte
# CloudFront is cheaper than the load balancer's own way out. Boxes do not come this way (GTV_RELAY_UPLINK_URL).

variable "name" { type = string }
variable "relay_host" { type = string }
variable "origin_host" { type = string }
variable "certificate_arn" {
  type        = string
  description = "Of us-east-1, where CloudFront takes certificates from"
}

data "aws_cloudfront_cache_policy" "off" { name = "Managed-CachingDisabled" }
data "aws_cloudfront_origin_request_policy" "all" { name = "Managed-AllViewer" }
data "aws_cloudfront_response_headers_policy" "security" { name = "Managed-SecurityHeadersPolicy" }

# A segment's address holds its session's token: who shares a copy has the same address, hence the same right.
resource "aws_cloudfront_cache_policy" "segments" {
  name        = "${var.name}-segments"
  min_ttl     = 0
  default_ttl = 0
  # What the relay says (Cache-Control), and never longer than a session.
  max_ttl = 3600
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip = false
    cookies_config { cookie_behavior = "none" }
    headers_config { header_behavior = "none" }
    query_strings_config { query_string_behavior = "all" }
  }
}

resource "aws_cloudfront_distribution" "relay" {
  # checkov:skip=CKV_AWS_86:addresses hold the viewers' tokens; who watched what is in the audit trail
  # checkov:skip=CKV_AWS_305:there is no page at the root of a relay
  # checkov:skip=CKV_AWS_310:one relay's sessions are in that relay: another origin does not know them
  # checkov:skip=CKV_AWS_374:officials travel; who may watch is decided by the hub, not by country
  # checkov:skip=CKV_AWS_68:the web ACL is on the load balancer behind it
  # checkov:skip=CKV2_AWS_47:as above; no Java in the product
  enabled         = true
  is_ipv6_enabled = true
  comment         = "${var.name}: HLS"
  aliases         = [var.relay_host]
  # South America is in the dearest class only.
  price_class = "PriceClass_All"

  origin {
    origin_id   = "relay"
    domain_name = var.origin_host
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id           = "relay"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = data.aws_cloudfront_cache_policy.off.id
    origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.all.id
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.security.id
  }

  ordered_cache_behavior {
    path_pattern               = "*.mp4"
    target_origin_id           = "relay"
    viewer_protocol_policy     = "https-only"
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = aws_cloudfront_cache_policy.segments.id
    origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.all.id
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.security.id
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }

  restrictions {
    geo_restriction { restriction_type = "none" }
  }
}

output "domain" { value = { name = aws_cloudfront_distribution.relay.domain_name, zone = aws_cloudfront_distribution.relay.hosted_zone_id } }
