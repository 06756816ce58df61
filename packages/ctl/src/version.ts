/** The version of Kvorum; the packages share one. */
export const VERSION = "0.1.0";
/** The etcd API that is spoken. */
export const API_VERSION = "3.7";
/** The etcd whose command line this one agrees with. */
export const ETCD_VERSION = "3.7.1";
