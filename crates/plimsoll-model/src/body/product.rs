//! The product as a fact: what it is called, who stands behind it, until when.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::{Extra, KindName};

/// The product, as claimed or, without a claim, as the root manifest names it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ProductFact")]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Name and version of the manifest that the claim is held against.
    pub manifest_name: Option<String>,
    /// See `manifestName`.
    pub manifest_version: Option<String>,
    /// Is the name that is claimed one that a manifest has? `yes`, `no` or `not-known`.
    pub name_agrees: String,
    /// Who makes the claims.
    pub claimant: Option<String>,
    /// How to reach them.
    pub contact: Option<String>,
    /// Address of the page with more.
    pub url: Option<String>,
    /// Platforms it runs on.
    pub platforms: Vec<String>,
    /// How it is delivered.
    pub delivery: Option<String>,
    /// What the label speaks of.
    pub inside: Vec<String>,
    /// What it does not speak of.
    pub outside: Vec<String>,
    /// Package URLs and other identifiers.
    pub identifiers: Vec<String>,
    /// The day until which security updates are promised.
    pub support_until: Option<Date>,
    /// `supported`, `unsupported`, `ended`.
    pub support_status: Option<String>,
    /// `automatic`, `notice`, `manual`.
    pub update_method: Option<String>,
    /// Does it have user accounts?
    pub accounts: Option<bool>,
    /// Who issues statements about it, where the maker says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Issuer>,
    /// When this was claimed.
    pub date: Option<Date>,
    /// The last day on which it counts.
    pub review_by: Option<Date>,
    /// Does it count on the day of as-of?
    pub current: bool,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Who issues statements about the product: what forms ask of an organisation. The maker says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Issuer {
    /// Its name.
    pub name: Option<String>,
    /// Its registered address.
    pub address: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// The person who answers for what it issues.
    pub contact: Option<String>,
    /// The role of that person in it.
    pub role: Option<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Body for Product {
    const KIND: KindName = "product";
}
