# Where images lie, and who may put them there: the repository's workflows by OIDC, no key of AWS anywhere.

variable "name" { type = string }
variable "kms_key_arn" { type = string }
variable "repository" {
  type        = string
  description = "OWNER/NAME on GitHub"
}
variable "environment" {
  type        = string
  description = "The GitHub environment, whose reviewers are asked before production"
}

data "aws_iam_openid_connect_provider" "github" { url = "https://token.actions.githubusercontent.com" }

resource "aws_ecr_repository" "hub" {
  name                 = "${var.name}/gt-vision-hub"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration { scan_on_push = true }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.kms_key_arn
  }
}

resource "aws_ecr_lifecycle_policy" "hub" {
  repository = aws_ecr_repository.hub.name
  policy = jsonencode({ rules = [{
    rulePriority = 1
    description  = "What one may want to go back to"
    selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
    action       = { type = "expire" }
  }] })
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [data.aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.repository}:environment:${var.environment}"]
    }
  }
}

# Pushes an image; nothing else. Terraform's own role is made by hand (terraform/README.md): who may change
# everything must not be changed by what it runs.
resource "aws_iam_role" "push" {
  name               = "${var.name}-push"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "push" {
  role   = aws_iam_role.push.id
  policy = data.aws_iam_policy_document.push.json
}

data "aws_iam_policy_document" "push" {
  # checkov:skip=CKV_AWS_356:GetAuthorizationToken knows no resource
  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
  statement {
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
      "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = [aws_ecr_repository.hub.arn]
  }
}

output "repository_url" { value = aws_ecr_repository.hub.repository_url }
output "push_role_arn" { value = aws_iam_role.push.arn }
