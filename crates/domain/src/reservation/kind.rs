//! Types of reservations: what may be exchanged for what, and what is never given back (rule 7.8).

use std::fmt;
use std::str::FromStr;

use crate::catalog::UnknownWord;

/// What a reservation is for, by the word Azure has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Virtual machines.
    VirtualMachines,
    /// Compute of SQL databases and managed instances.
    SqlDatabases,
    /// Throughput of Cosmos DB.
    CosmosDb,
    /// Compute of data warehouses (Synapse).
    SqlDataWarehouse,
    /// Stamps and instances of App Service.
    AppService,
    /// Premium disks.
    ManagedDisk,
    /// Storage of blobs.
    BlockBlob,
    /// Storage of files.
    AzureFiles,
    /// Caches.
    RedisCache,
    /// Compute of MySQL.
    MySql,
    /// Compute of MariaDB.
    MariaDb,
    /// Compute of PostgreSQL.
    PostgreSql,
    /// Compute of Data Explorer.
    AzureDataExplorer,
    /// Dedicated hosts.
    DedicatedHost,
    /// Units of Databricks, paid beforehand.
    Databricks,
    /// Units of Synapse, paid beforehand.
    SynapsePrePurchase,
    /// VMware by CloudSimple.
    VmwareCloudSimple,
    /// Red Hat OpenShift.
    RedHatOsa,
}

impl Kind {
    /// Every type.
    pub const ALL: [Self; 18] = [
        Self::VirtualMachines,
        Self::SqlDatabases,
        Self::CosmosDb,
        Self::SqlDataWarehouse,
        Self::AppService,
        Self::ManagedDisk,
        Self::BlockBlob,
        Self::AzureFiles,
        Self::RedisCache,
        Self::MySql,
        Self::MariaDb,
        Self::PostgreSql,
        Self::AzureDataExplorer,
        Self::DedicatedHost,
        Self::Databricks,
        Self::SynapsePrePurchase,
        Self::VmwareCloudSimple,
        Self::RedHatOsa,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VirtualMachines => "VirtualMachines",
            Self::SqlDatabases => "SqlDatabases",
            Self::CosmosDb => "CosmosDb",
            Self::SqlDataWarehouse => "SqlDataWarehouse",
            Self::AppService => "AppService",
            Self::ManagedDisk => "ManagedDisk",
            Self::BlockBlob => "BlockBlob",
            Self::AzureFiles => "AzureFiles",
            Self::RedisCache => "RedisCache",
            Self::MySql => "MySql",
            Self::MariaDb => "MariaDb",
            Self::PostgreSql => "PostgreSql",
            Self::AzureDataExplorer => "AzureDataExplorer",
            Self::DedicatedHost => "DedicatedHost",
            Self::Databricks => "Databricks",
            Self::SynapsePrePurchase => "SynapsePrePurchase",
            Self::VmwareCloudSimple => "VMwareCloudSimple",
            Self::RedHatOsa => "RedHatOsa",
        }
    }

    /// Whether it can be given back or exchanged at all.
    pub const fn is_given_back(self) -> bool {
        !matches!(
            self,
            Self::Databricks | Self::SynapsePrePurchase | Self::VmwareCloudSimple | Self::RedHatOsa
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownWord;

    /// Case does not matter.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|own| own.as_str().eq_ignore_ascii_case(text)).ok_or(UnknownWord {
            expected: "a type of reservation such as VirtualMachines, SqlDatabases or CosmosDb",
        })
    }
}
