# Dev. What differs between environments is in this file; what they are is modules/platform.

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
    key          = "gt-vision/dev.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "sa-east-1"
  default_tags { tags = { product = "gt-vision", environment = "dev" } }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
  default_tags { tags = { product = "gt-vision", environment = "dev" } }
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
  name               = "gtv-dev"
  environment        = "dev"
  zone               = var.zone
  repository         = var.repository
  alarm_emails       = var.alarm_emails
  image              = var.image
  mosquitto_image    = var.mosquitto_image
  emqx_image         = var.emqx_image
  coturn_image       = var.coturn_image
  prefix             = "dev-"
  cidr               = "10.10.0.0/16"
  nat_gateways       = 1
  database           = { class = "db.t4g.medium", storage_gb = 50, multi_az = false, backup_days = 3 }
  cache              = { node_type = "cache.t4g.micro", nodes = 1 }
  broker             = { engine = "mosquitto", nodes = 1 }
  turn_tasks         = 1
  object_days        = 400
  requests_per_5_min = 20000
  month_usd          = 700
  sizes = {
    web    = { cpu = 512, memory_mb = 1024, count = 1 }
    relay  = { cpu = 1024, memory_mb = 2048, count = 1 }
    ingest = { cpu = 512, memory_mb = 1024, count = 1 }
    worker = { cpu = 512, memory_mb = 1024, count = 1 }
    beat   = { cpu = 256, memory_mb = 512, count = 1 }
  }
}

output "platform" { value = module.platform }
