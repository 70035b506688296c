//! The rules of selling software through partners: what may be bought, what is owed, what may be given back.
//!
//! Never here: input or output, a clock, random numbers, floating point, or a word of any wire format.
//! Whoever calls brings the facts and the time, and gets back a decision or a refusal that carries its facts.

#![cfg_attr(
    test,
    allow(
        clippy::inconsistent_digit_grouping,
        clippy::mistyped_literal_suffixes,
        reason = "tests write cents as the money they are: 5524_56"
    )
)]

pub mod access;
pub mod agreement;
pub mod audit;
pub mod bank;
pub mod benefit;
pub mod brand;
pub mod calendar;
pub mod cancellation;
pub mod cart;
pub mod catalog;
pub mod charge;
pub mod close;
pub mod customer;
pub mod cycle;
pub mod entitlement;
pub mod ids;
pub mod invoice;
pub mod key;
pub mod link;
pub mod margin;
pub mod market;
pub mod media;
pub mod money;
pub mod notice;
pub mod order;
pub mod payment;
pub mod policy;
pub mod price;
pub mod proration;
pub mod refusal;
pub mod reservation;
pub mod span;
pub mod subscription;
pub mod support;
pub mod tax;
pub mod taxation;
pub mod vat_id;
pub mod webhook;
