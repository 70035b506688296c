//! The time, read once per request or job. Only a practice installation has a clock that can be moved.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    Real,
    Practice(Arc<Mutex<Practice>>),
}

/// The practice clock: it stands, or it runs with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Practice {
    /// It stands at an instant.
    Standing(Timestamp),
    /// It runs, this much ahead of (or behind) the world.
    Running(SignedDuration),
}

impl Practice {
    /// The time it shows.
    pub fn now(self) -> Timestamp {
        match self {
            Self::Standing(at) => at,
            Self::Running(ahead) => wall_clock().checked_add(ahead).unwrap_or(Timestamp::MAX),
        }
    }

    /// The same clock showing another time: a standing one stands there, a running one runs on from there.
    #[must_use]
    pub fn showing(self, at: Timestamp) -> Self {
        match self {
            Self::Standing(_) => Self::Standing(at),
            Self::Running(_) => Self::Running(at.duration_since(wall_clock())),
        }
    }

    /// How it is stored.
    pub fn setting(self) -> String {
        match self {
            Self::Standing(at) => format!("standing:{}", at.as_microsecond()),
            Self::Running(ahead) => format!("running:{}", ahead.as_micros()),
        }
    }

    /// Reads what [`Practice::setting`] wrote.
    pub fn from_setting(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once(':')?;
        let number: i64 = number.parse().ok()?;
        match kind {
            "standing" => Timestamp::from_microsecond(number).ok().map(Self::Standing),
            "running" => Some(Self::Running(SignedDuration::from_micros(number))),
            _ => None,
        }
    }
}

impl Clock {
    /// The world's clock.
    pub const fn real() -> Self {
        Self(Source::Real)
    }

    /// A practice clock.
    pub fn practice(clock: Practice) -> Self {
        Self(Source::Practice(Arc::new(Mutex::new(clock))))
    }

    /// The time it is, for the business: to the microsecond, as the store keeps it.
    pub fn now(&self) -> Timestamp {
        let now = match &self.0 {
            Source::Real => wall_clock(),
            Source::Practice(clock) => clock.lock().unwrap_or_else(PoisonError::into_inner).now(),
        };
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// The practice clock behind it, if it is one.
    pub fn as_practice(&self) -> Option<Practice> {
        match &self.0 {
            Source::Real => None,
            Source::Practice(clock) => Some(*clock.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// Moves a practice clock; a real one stays what it is.
    pub fn set(&self, to: Practice) {
        if let Source::Practice(clock) = &self.0 {
            *clock.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

/// The world's time: for tokens and for the log, which practice does not bend.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn wall_clock() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_stands_wherever_it_is_moved() {
        let at: Timestamp = "2020-01-24T10:00:00Z".parse().unwrap();
        let later: Timestamp = "2020-03-24T23:59:59Z".parse().unwrap();
        let clock = Clock::practice(Practice::Standing(at));
        assert_eq!(clock.now(), at);
        clock.set(Practice::Standing(at).showing(later));
        assert_eq!((clock.now(), clock.now()), (later, later));
    }

    #[test]
    fn a_clock_survives_being_stored() {
        for clock in [
            Practice::Standing("2020-01-24T10:00:00.123456Z".parse().unwrap()),
            Practice::Running(SignedDuration::from_hours(-24)),
        ] {
            assert_eq!(Practice::from_setting(&clock.setting()), Some(clock));
        }
        assert_eq!(Practice::from_setting("sideways:1"), None);
    }
}
