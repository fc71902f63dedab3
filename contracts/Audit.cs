namespace Billing.Contracts.Audit;

/// <summary>
/// Where the chain over a service's audit trail stood at the end of a day. Every service keeps the digests of all
/// others, so that who rewrites a chain contradicts them. It is sent again for some days; of two digests of one service
/// and day that differ, the one that came first holds.
/// </summary>
/// <param name="Service">The service, such as <c>payments</c>.</param>
/// <param name="Day">The business day that ended.</param>
/// <param name="LastBlock">The number of the last block sealed by the end of the day, from 1.</param>
/// <param name="TotalRows">The number of rows in all blocks up to that one.</param>
/// <param name="Hash">The block's hash: SHA-256, 64 lower-case hexadecimal digits.</param>
public sealed record AuditDigest(string Service, DateOnly Day, long LastBlock, long TotalRows, string Hash);
