//! The types of values.

pub(crate) use crate::calendar::Date;

use crate::ids::{EnumId, InputId};

/// A currency, by its ISO 4217 code
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Finds a currency by its code of three capitals.
    #[must_use]
    pub fn parse(code: &str) -> Option<Currency> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        find(letters).map(|_| Currency(letters))
    }

    /// Returns every currency there is, by code.
    ///
    /// These are the active codes of ISO 4217, list one, that stand for money
    /// (no metals, no test codes), and withdrawn codes that old books need: the
    /// currencies that the euro replaced, and the last ones that changed.
    pub fn all() -> impl Iterator<Item = Currency> {
        CURRENCIES.iter().map(|(code, _)| Currency(*code))
    }

    /// Returns the code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Returns the digits of the minor unit: 2 but for the currencies that have
    /// none, three or four.
    #[must_use]
    pub fn minor_digits(&self) -> u32 {
        find(self.0).unwrap_or(2)
    }
}

/// The digits of a currency's minor unit, where there is such a currency.
fn find(code: [u8; 3]) -> Option<u32> {
    let at = CURRENCIES.binary_search_by_key(&code, |(known, _)| *known);
    CURRENCIES.get(at.ok()?).map(|(_, digits)| *digits)
}

/// Codes in order, with the digits of the minor unit; see [`Currency::all`] for
/// which
#[rustfmt::skip]
const CURRENCIES: &[([u8; 3], u32)] = &[
    (*b"AED", 2), (*b"AFN", 2), (*b"ALL", 2), (*b"AMD", 2), (*b"ANG", 2), (*b"AOA", 2),
    (*b"ARS", 2), (*b"ATS", 2), (*b"AUD", 2), (*b"AWG", 2), (*b"AZN", 2), (*b"BAM", 2),
    (*b"BBD", 2), (*b"BDT", 2), (*b"BEF", 2), (*b"BGN", 2), (*b"BHD", 3), (*b"BIF", 0),
    (*b"BMD", 2), (*b"BND", 2), (*b"BOB", 2), (*b"BOV", 2), (*b"BRL", 2), (*b"BSD", 2),
    (*b"BTN", 2), (*b"BWP", 2), (*b"BYN", 2), (*b"BZD", 2), (*b"CAD", 2), (*b"CDF", 2),
    (*b"CHE", 2), (*b"CHF", 2), (*b"CHW", 2), (*b"CLF", 4), (*b"CLP", 0), (*b"CNY", 2),
    (*b"COP", 2), (*b"COU", 2), (*b"CRC", 2), (*b"CUC", 2), (*b"CUP", 2), (*b"CVE", 2),
    (*b"CYP", 2), (*b"CZK", 2), (*b"DEM", 2), (*b"DJF", 0), (*b"DKK", 2), (*b"DOP", 2),
    (*b"DZD", 2), (*b"EEK", 2), (*b"EGP", 2), (*b"ERN", 2), (*b"ESP", 0), (*b"ETB", 2),
    (*b"EUR", 2), (*b"FIM", 2), (*b"FJD", 2), (*b"FKP", 2), (*b"FRF", 2), (*b"GBP", 2),
    (*b"GEL", 2), (*b"GHS", 2), (*b"GIP", 2), (*b"GMD", 2), (*b"GNF", 0), (*b"GRD", 2),
    (*b"GTQ", 2), (*b"GYD", 2), (*b"HKD", 2), (*b"HNL", 2), (*b"HRK", 2), (*b"HTG", 2),
    (*b"HUF", 2), (*b"IDR", 2), (*b"IEP", 2), (*b"ILS", 2), (*b"INR", 2), (*b"IQD", 3),
    (*b"IRR", 2), (*b"ISK", 0), (*b"ITL", 0), (*b"JMD", 2), (*b"JOD", 3), (*b"JPY", 0),
    (*b"KES", 2), (*b"KGS", 2), (*b"KHR", 2), (*b"KMF", 0), (*b"KPW", 2), (*b"KRW", 0),
    (*b"KWD", 3), (*b"KYD", 2), (*b"KZT", 2), (*b"LAK", 2), (*b"LBP", 2), (*b"LKR", 2),
    (*b"LRD", 2), (*b"LSL", 2), (*b"LTL", 2), (*b"LUF", 2), (*b"LVL", 2), (*b"LYD", 3),
    (*b"MAD", 2), (*b"MDL", 2), (*b"MGA", 2), (*b"MKD", 2), (*b"MMK", 2), (*b"MNT", 2),
    (*b"MOP", 2), (*b"MRU", 2), (*b"MTL", 2), (*b"MUR", 2), (*b"MVR", 2), (*b"MWK", 2),
    (*b"MXN", 2), (*b"MXV", 2), (*b"MYR", 2), (*b"MZN", 2), (*b"NAD", 2), (*b"NGN", 2),
    (*b"NIO", 2), (*b"NLG", 2), (*b"NOK", 2), (*b"NPR", 2), (*b"NZD", 2), (*b"OMR", 3),
    (*b"PAB", 2), (*b"PEN", 2), (*b"PGK", 2), (*b"PHP", 2), (*b"PKR", 2), (*b"PLN", 2),
    (*b"PTE", 0), (*b"PYG", 0), (*b"QAR", 2), (*b"RON", 2), (*b"RSD", 2), (*b"RUB", 2),
    (*b"RWF", 0), (*b"SAR", 2), (*b"SBD", 2), (*b"SCR", 2), (*b"SDG", 2), (*b"SEK", 2),
    (*b"SGD", 2), (*b"SHP", 2), (*b"SIT", 2), (*b"SKK", 2), (*b"SLE", 2), (*b"SLL", 2),
    (*b"SOS", 2), (*b"SRD", 2), (*b"SSP", 2), (*b"STN", 2), (*b"SVC", 2), (*b"SYP", 2),
    (*b"SZL", 2), (*b"THB", 2), (*b"TJS", 2), (*b"TMT", 2), (*b"TND", 3), (*b"TOP", 2),
    (*b"TRY", 2), (*b"TTD", 2), (*b"TWD", 2), (*b"TZS", 2), (*b"UAH", 2), (*b"UGX", 0),
    (*b"USD", 2), (*b"USN", 2), (*b"UYI", 0), (*b"UYU", 2), (*b"UYW", 4), (*b"UZS", 2),
    (*b"VED", 2), (*b"VES", 2), (*b"VND", 0), (*b"VUV", 0), (*b"WST", 2), (*b"XAD", 2),
    (*b"XAF", 0), (*b"XCD", 2), (*b"XCG", 2), (*b"XOF", 0), (*b"XPF", 0), (*b"YER", 2),
    (*b"ZAR", 2), (*b"ZMW", 2), (*b"ZWG", 2), (*b"ZWL", 2),
];

/// The type of a value that is there
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Whole number of 64 bits
    Integer,
    /// Exact decimal
    Decimal,
    /// Exact fraction, written in percent
    Percent,
    /// Exact amount in major units
    Money(Currency),
    /// Exact amount in major units of the currency that a text input names
    MoneyOf(InputId),
    /// Yes or no
    Boolean,
    /// UTF-8 text
    Text,
    /// Calendar date
    Date,
    /// Instant, to the microsecond
    DateTime,
    /// Length of time, in microseconds
    Duration,
    /// 64-bit float, merely fed to models
    Float,
    /// One of an enum's labels
    Enum(EnumId),
}

impl Ty {
    /// Tells whether values are [`Exact`](crate::Exact) numbers.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(
            self,
            Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_)
        )
    }

    /// Tells whether values are amounts of a currency.
    #[must_use]
    pub fn is_money(self) -> bool {
        matches!(self, Ty::Money(_) | Ty::MoneyOf(_))
    }

    /// Tells whether these are amounts of two currencies that may be the same in a
    /// case, as the case names one of them at least.
    #[must_use]
    pub(crate) fn may_be_of_one_currency(self, other: Ty) -> bool {
        let named = matches!(self, Ty::MoneyOf(_)) || matches!(other, Ty::MoneyOf(_));
        named && self != other && self.is_money() && other.is_money()
    }

    /// Tells whether values can be computed with.
    #[must_use]
    pub fn is_number(self) -> bool {
        self.is_exact() || self == Ty::Integer
    }

    /// Tells whether values are days, instants or lengths of time.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(self, Ty::Date | Ty::DateTime | Ty::Duration)
    }

    /// Tells whether values have an order.
    #[must_use]
    pub fn is_ordered(self) -> bool {
        self.is_number() || self.is_time()
    }
}

/// A type as declared: with `?` and with the digits it rounds to
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeclaredTy {
    /// The type of a value that is there
    pub ty: Ty,
    /// Whether it may be missing
    pub optional: bool,
    /// Digits behind the point that a value of this type is rounded to, of the
    /// fraction for percent: `percent(2)` has 4
    pub places: Option<u32>,
    /// Of [`Ty::MoneyOf`]: whether values are rounded to the minor unit of the
    /// case's currency
    pub minor_unit: bool,
}

impl DeclaredTy {
    /// Returns the type of values that are always there and round to nothing.
    #[must_use]
    pub const fn bare(ty: Ty) -> Self {
        Self {
            ty,
            optional: false,
            places: None,
            minor_unit: false,
        }
    }

    /// Tells whether values are rounded to digits behind the point.
    pub(crate) fn has_digits(&self) -> bool {
        self.places.is_some() || self.minor_unit
    }
}

#[cfg(test)]
mod tests {
    use super::{CURRENCIES, Currency};

    #[test]
    fn currencies_stand_in_order_and_are_found() {
        assert!(CURRENCIES.is_sorted_by(|(a, _), (b, _)| a < b));
        for currency in Currency::all() {
            assert_eq!(Currency::parse(currency.code()), Some(currency));
        }
        let digits = |code| Currency::parse(code).map(|found| found.minor_digits());
        assert_eq!(
            ["EUR", "JPY", "KWD", "CLF", "DEM", "GPB"].map(digits),
            [Some(2), Some(0), Some(3), Some(4), Some(2), None]
        );
    }
}
