# Staging. What differs between environments is in this file; what they are is modules/platform.

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
    key          = "gt-vision/staging.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "sa-east-1"
  default_tags { tags = { product = "gt-vision", environment = "staging" } }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
  default_tags { tags = { product = "gt-vision", environment = "staging" } }
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
  source             = "../../modules/platform"
  providers          = { aws = aws, aws.us_east_1 = aws.us_east_1 }
  name               = "gtv-staging"
  environment        = "staging"
  zone               = var.zone
  repository         = var.repository
  alarm_emails       = var.alarm_emails
  image              = var.image
  mosquitto_image    = var.mosquitto_image
  emqx_image         = var.emqx_image
  coturn_image       = var.coturn_image
  prefix             = "staging-"
  cidr               = "10.20.0.0/16"
  nat_gateways       = 1
  database           = { class = "db.t4g.large", storage_gb = 100, multi_az = false, backup_days = 7 }
  cache              = { node_type = "cache.t4g.small", nodes = 2 }
  broker             = { engine = "mosquitto", nodes = 1 }
  turn_tasks         = 1
  object_days        = 400
  requests_per_5_min = 20000
  month_usd          = 1000
  sizes = {
    web    = { cpu = 1024, memory_mb = 2048, count = 2 }
    relay  = { cpu = 2048, memory_mb = 4096, count = 1 }
    ingest = { cpu = 1024, memory_mb = 2048, count = 2 }
    worker = { cpu = 512, memory_mb = 1024, count = 2 }
    beat   = { cpu = 256, memory_mb = 512, count = 1 }
  }
}

output "platform" { value = module.platform }
