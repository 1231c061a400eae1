# Evidence images and clips that people ordered. Footage never comes here: it stays in the boxes.

variable "name" { type = string }
variable "kms_key_arn" { type = string }
variable "public_origin" { type = string }
# Longer than the longest retention of plates (GTV_PLATE_RETENTION_DAYS and each city's own): the hub deletes
# by rule and by request; this only catches what was forgotten.
variable "object_days" { type = number }

data "aws_caller_identity" "here" {}
data "aws_elb_service_account" "here" {}

resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV_AWS_144:a copy in another region is chosen by the customer (docs/runbooks/regiao-perdida.md)
  # checkov:skip=CKV2_AWS_62:nobody waits for events of this bucket
  bucket = "${var.name}-objects-${data.aws_caller_identity.here.account_id}"
}

resource "aws_s3_bucket" "logs" {
  # checkov:skip=CKV_AWS_144:access logs are not evidence
  # checkov:skip=CKV2_AWS_62:nobody waits for events of this bucket
  # checkov:skip=CKV_AWS_18:it is the bucket of the logs
  # checkov:skip=CKV_AWS_145:load balancers write logs only with S3's own key (SSE-S3)
  # checkov:skip=CKV_AWS_21:a log is written once
  bucket = "${var.name}-logs-${data.aws_caller_identity.here.account_id}"
}

resource "aws_s3_bucket_public_access_block" "all" {
  for_each                = { objects = aws_s3_bucket.this.id, logs = aws_s3_bucket.logs.id }
  bucket                  = each.value
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  # The city comes first in a key (CITY/plates/…, CITY/clips/…), so rules go by age alone.
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    # No colder class: for a picture of 180 kB the transition costs more than five months of it save
    # (docs/custos-aws.md).
    expiration { days = var.object_days }
  }
  # A deleted object must be gone within the days that LGPD's answer promises, its old versions too.
  rule {
    id     = "versions"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration { noncurrent_days = 7 }
    abort_incomplete_multipart_upload { days_after_initiation = 2 }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "old"
    status = "Enabled"
    filter {}
    expiration { days = 400 }
    abort_incomplete_multipart_upload { days_after_initiation = 2 }
  }
}

resource "aws_s3_bucket_logging" "this" {
  bucket        = aws_s3_bucket.this.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "s3/"
}

# Browsers fetch images and clips by presigned addresses.
resource "aws_s3_bucket_cors_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = [var.public_origin]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_policy" "tls" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.tls.json
}

data "aws_iam_policy_document" "tls" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = [data.aws_elb_service_account.here.arn]
    }
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs.arn}/*"]
    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com", "delivery.logs.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.here.account_id]
    }
  }
}

output "bucket" { value = aws_s3_bucket.this.id }
output "arn" { value = aws_s3_bucket.this.arn }
output "logs_bucket" { value = aws_s3_bucket.logs.id }

# The hub signs addresses for browsers and boxes with a key of its own: a role's would end before the address does.
resource "aws_iam_user" "hub" {
  # checkov:skip=CKV_AWS_273:presigned addresses need a key that lives longer than a role's session
  name = "${var.name}-objects"
}

resource "aws_iam_user_policy" "hub" {
  # checkov:skip=CKV_AWS_40:one user, one policy: nothing to group
  user   = aws_iam_user.hub.name
  policy = data.aws_iam_policy_document.hub.json
}

data "aws_iam_policy_document" "hub" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = ["${aws_s3_bucket.this.arn}/*"]
  }
  statement {
    actions   = ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"]
    resources = [aws_s3_bucket.this.arn]
  }
  statement {
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
}

resource "aws_iam_access_key" "hub" { user = aws_iam_user.hub.name }

resource "aws_secretsmanager_secret" "key" {
  # checkov:skip=CKV2_AWS_57:changed by `terraform apply -replace`, which gives the services the new one
  for_each                = { GTV_S3_ACCESS_KEY = 0, GTV_S3_SECRET_KEY = 0 }
  name                    = "${var.name}/${each.key}"
  kms_key_id              = var.kms_key_arn
  recovery_window_in_days = 30
}

resource "aws_secretsmanager_secret_version" "key" {
  for_each      = { GTV_S3_ACCESS_KEY = aws_iam_access_key.hub.id, GTV_S3_SECRET_KEY = aws_iam_access_key.hub.secret }
  secret_id     = aws_secretsmanager_secret.key[each.key].id
  secret_string = each.value
}

output "key_secret_arns" { value = { for name, secret in aws_secretsmanager_secret.key : name => secret.arn } }
