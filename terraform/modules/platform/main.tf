# One whole hub: the modules, and what each is told of the others.

locals {
  hosts = {
    hub    = "${var.prefix}central.${var.zone}"
    relay  = "${var.prefix}relay.${var.zone}"
    uplink = "${var.prefix}uplink.${var.zone}"
    # One name for boxes (to the load balancer) and, inside, for the services (to the task): the certificate has one.
    mqtt = "broker.${var.prefix}mqtt.${var.zone}"
    turn = "${var.prefix}turn.${var.zone}"
  }
  environment = {
    GTV_PUBLIC_URL         = "https://${local.hosts.hub}"
    GTV_ALLOWED_HOSTS      = local.hosts.hub
    GTV_RELAY_URL          = "https://${local.hosts.relay}"
    GTV_RELAY_UPLINK_URL   = "https://${local.hosts.uplink}"
    GTV_MQTT_HOST          = local.hosts.mqtt
    GTV_MQTT_PORT          = "8884"
    GTV_BROKER_PUBLIC_HOST = local.hosts.mqtt
    GTV_BROKER_PUBLIC_PORT = "8883"
    GTV_PKI_DIR            = "/pki"
    GTV_S3_ENDPOINT        = "s3.${data.aws_region.here.name}.amazonaws.com"
    GTV_S3_REGION          = data.aws_region.here.name
    GTV_S3_SECURE          = "1"
    GTV_S3_BUCKET          = module.objects.bucket
    GTV_ICE_URLS           = "turn:${local.hosts.turn}:3478?transport=udp,turn:${local.hosts.turn}:3478?transport=tcp"
  }
  secrets = merge(
    { for name, arn in module.secrets.arns : name => arn if startswith(name, "GTV_") },
    module.objects.key_secret_arns,
    { GTV_DATABASE_URL = module.database.url_secret_arn, GTV_REDIS_URL = module.cache.url_secret_arn },
  )
}

data "aws_region" "here" {}
data "aws_caller_identity" "here" {}

resource "aws_kms_key" "this" {
  description         = "${var.name}: everything at rest"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

data "aws_iam_policy_document" "key" {
  # checkov:skip=CKV_AWS_109:a key's own policy names no other resource than itself
  # checkov:skip=CKV_AWS_111:as above
  # checkov:skip=CKV_AWS_356:as above
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.here.account_id}:root"]
    }
  }
  statement {
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.${data.aws_region.here.name}.amazonaws.com", "cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

module "network" {
  source       = "../network"
  name         = var.name
  cidr         = var.cidr
  nat_gateways = var.nat_gateways
  kms_key_arn  = aws_kms_key.this.arn
}

module "dns" {
  source    = "../dns"
  providers = { aws = aws, aws.us_east_1 = aws.us_east_1 }
  zone      = var.zone
  hosts     = [local.hosts.hub, local.hosts.relay, local.hosts.uplink]
}

module "secrets" {
  source      = "../secrets"
  name        = var.name
  kms_key_arn = aws_kms_key.this.arn
}

module "objects" {
  source        = "../objects"
  name          = var.name
  kms_key_arn   = aws_kms_key.this.arn
  public_origin = "https://${local.hosts.hub}"
  object_days   = var.object_days
}

module "load_balancers" {
  source             = "../load_balancers"
  name               = var.name
  vpc_id             = module.network.vpc_id
  public_subnets     = module.network.public_subnets
  certificate_arn    = module.dns.certificate_arn
  relay_hosts        = [local.hosts.relay, local.hosts.uplink]
  logs_bucket        = module.objects.logs_bucket
  kms_key_arn        = aws_kms_key.this.arn
  requests_per_5_min = var.requests_per_5_min
}

module "database" {
  source                = "../database"
  name                  = var.name
  vpc_id                = module.network.vpc_id
  subnets               = module.network.private_subnets
  kms_key_arn           = aws_kms_key.this.arn
  instance_class        = var.database.class
  storage_gb            = var.database.storage_gb
  multi_az              = var.database.multi_az
  backup_days           = var.database.backup_days
  client_security_group = module.load_balancers.hub_security_group
}

module "cache" {
  source                = "../cache"
  name                  = var.name
  vpc_id                = module.network.vpc_id
  subnets               = module.network.private_subnets
  kms_key_arn           = aws_kms_key.this.arn
  node_type             = var.cache.node_type
  nodes                 = var.cache.nodes
  auth_token            = module.secrets.redis_auth
  client_security_group = module.load_balancers.hub_security_group
}

module "compute" {
  source            = "../compute"
  name              = var.name
  vpc_id            = module.network.vpc_id
  subnets           = module.network.private_subnets
  kms_key_arn       = aws_kms_key.this.arn
  image             = var.image
  sizes             = var.sizes
  environment       = local.environment
  secret_arns       = local.secrets
  target_group_arns = module.load_balancers.http_target_groups
  security_group    = module.load_balancers.hub_security_group
}

module "broker" {
  source             = "../broker"
  name               = var.name
  engine             = var.broker.engine
  nodes              = var.broker.nodes
  mosquitto_image    = var.mosquitto_image
  emqx_image         = var.emqx_image
  hub_image          = var.image
  vpc_id             = module.network.vpc_id
  subnets            = module.network.private_subnets
  cluster_arn        = module.compute.cluster_arn
  execution_role_arn = module.compute.execution_role_arn
  task_role_arn      = module.compute.task_role_arn
  log_group          = module.compute.log_group
  hub_security_group = module.load_balancers.hub_security_group
  pki                = module.compute.pki
  target_group_arn   = module.load_balancers.network_target_groups["mqtt"]
  environment        = local.environment
  host               = local.hosts.mqtt
  secret_arns        = local.secrets
}

module "turn" {
  source             = "../turn"
  name               = var.name
  image              = var.coturn_image
  tasks              = var.turn_tasks
  realm              = local.hosts.turn
  relay_cidr         = var.cidr
  subnets            = module.network.private_subnets
  cluster_arn        = module.compute.cluster_arn
  execution_role_arn = module.compute.execution_role_arn
  log_group          = module.compute.log_group
  security_group     = module.load_balancers.turn_security_group
  secret_arn         = module.secrets.arns["GTV_TURN_SECRET"]
  target_group_arn   = module.load_balancers.network_target_groups["turn"]
}

module "cdn" {
  source          = "../cdn"
  name            = var.name
  relay_host      = local.hosts.relay
  origin_host     = local.hosts.uplink
  certificate_arn = module.dns.cdn_certificate_arn
}

module "monitoring" {
  source        = "../monitoring"
  name          = var.name
  kms_key_arn   = aws_kms_key.this.arn
  emails        = var.alarm_emails
  database      = module.database.identifier
  cluster       = module.compute.cluster
  load_balancer = module.load_balancers.http.arn_suffix
  target_groups = module.load_balancers.http_target_group_suffixes
  services      = keys(var.sizes)
  month_usd     = var.month_usd
}

module "ci" {
  source      = "../ci"
  name        = var.name
  kms_key_arn = aws_kms_key.this.arn
  repository  = var.repository
  environment = var.environment
}

resource "aws_route53_record" "this" {
  for_each = {
    (local.hosts.hub)    = module.load_balancers.http
    (local.hosts.uplink) = module.load_balancers.http
    (local.hosts.relay)  = { dns = module.cdn.domain.name, zone = module.cdn.domain.zone }
    (local.hosts.mqtt)   = module.load_balancers.network
    (local.hosts.turn)   = module.load_balancers.network
  }
  zone_id = module.dns.zone_id
  name    = each.key
  type    = "A"
  alias {
    name                   = each.value.dns
    zone_id                = each.value.zone
    evaluate_target_health = false
  }
}
