# Prod. What differs between environments is in this file; what they are is modules/platform.

terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.80"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }
  # terraform init -backend-config=backend.hcl (terraform/README.md)
  backend "s3" {
    key          = "gt-vision/prod.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "sa-east-1"
  default_tags { tags = { product = "gt-vision", environment = "prod" } }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
  default_tags { tags = { product = "gt-vision", environment = "prod" } }
}

variable "zone" { type = string }
variable "repository" { type = string }
variable "alarm_emails" { type = list(string) }
# By digest, from the pipeline.
variable "image" { type = string }
variable "mosquitto_image" { type = string }
variable "emqx_image" { type = string }
variable "coturn_image" { type = string }

module "platform" {
  source          = "../../modules/platform"
  providers       = { aws = aws, aws.us_east_1 = aws.us_east_1 }
  name            = "gtv-prod"
  environment     = "prod"
  zone            = var.zone
  repository      = var.repository
  alarm_emails    = var.alarm_emails
  image           = var.image
  mosquitto_image = var.mosquitto_image
  emqx_image      = var.emqx_image
  coturn_image    = var.coturn_image
  prefix          = ""
  cidr            = "10.30.0.0/16"
  nat_gateways    = 3
  database        = { class = "db.m7g.xlarge", storage_gb = 500, multi_az = true, backup_days = 35 }
  cache           = { node_type = "cache.m7g.large", nodes = 2 }
  # emqx when one node's restart is felt, and boxes can be revoked at it (ADR 70).
  broker     = { engine = "mosquitto", nodes = 1 }
  turn_tasks = 2
  # Above the longest retention that a city may choose (five years).
  object_days        = 1900
  requests_per_5_min = 20000
  month_usd          = 6000
  sizes = {
    web = { cpu = 2048, memory_mb = 4096, count = 3 }
    # One: a session's viewers and its box must meet in the same process.
    relay  = { cpu = 4096, memory_mb = 8192, count = 1 }
    ingest = { cpu = 2048, memory_mb = 4096, count = 2 }
    worker = { cpu = 1024, memory_mb = 2048, count = 2 }
    beat   = { cpu = 256, memory_mb = 512, count = 1 }
  }
}

output "platform" { value = module.platform }
