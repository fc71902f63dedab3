namespace Billing.Contracts.Api;

/// <summary>The terms of a partner, valid from now on.</summary>
/// <param name="Name">Its name for people, 1 to 100 characters.</param>
/// <param name="Channel">The channel of its payments.</param>
/// <param name="AmountRule">Which amounts it may collect.</param>
/// <param name="DayCut">The time of day, China time, a whole second, at which its next business day begins.</param>
/// <param name="Encoding">The encoding of its files.</param>
/// <param name="LateDays">How many days after their bank day its payments are still taken, 0 to 400.</param>
/// <param name="Projects">The projects that are delegated to it, such as a property manager's; all when there are
/// none.</param>
/// <param name="Limits">How often it may ask; as delivered unless given.</param>
public sealed record SavePartnerRequest(
    string Name, Channel Channel, AmountRule AmountRule, TimeOnly DayCut,
    BankEncoding Encoding = BankEncoding.Utf8, int LateDays = 31, IReadOnlyList<Project>? Projects = null,
    PartnerLimits? Limits = null);

/// <summary>How often a partner may ask (rules.md B-1); each limit is 1 or more.</summary>
/// <param name="QueriesPerMinute">Queries, of bills and of payments, in a minute.</param>
/// <param name="PaymentsPerMinute">Payments and reversals in a minute.</param>
/// <param name="QueriesPerAccount">Queries of one account in a minute.</param>
/// <param name="PaymentsPerAccount">Payments and reversals for one account in a minute.</param>
/// <param name="FilesPerMinute">Files of bank days in a minute, and comparisons of them.</param>
/// <param name="BlocksPerDay">Payments of one bank day that are reversed before they came.</param>
public sealed record PartnerLimits(
    int QueriesPerMinute = 1_000, int PaymentsPerMinute = 500, int QueriesPerAccount = 10, int PaymentsPerAccount = 5,
    int FilesPerMinute = 10, int BlocksPerDay = 100);

/// <summary>A bank or another collecting channel, and its terms.</summary>
/// <param name="Code">Its code in paths: 1 to 20 of a-z and 0-9.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Channel">The channel of its payments.</param>
/// <param name="AmountRule">Which amounts it may collect.</param>
/// <param name="DayCut">The time of day, China time, at which its next business day begins (the 日切).</param>
/// <param name="Encoding">The encoding of its files.</param>
/// <param name="LateDays">How many days after their bank day its payments are still accepted; those in its file of the
/// day are accepted as long as files of that day are.</param>
/// <param name="Projects">The projects that are delegated to it; all when there are none.</param>
/// <param name="Limits">How often it may ask.</param>
public sealed record PartnerTerms(
    PartnerCode Code, string Name, Channel Channel, AmountRule AmountRule, TimeOnly DayCut, BankEncoding Encoding,
    int LateDays, IReadOnlyList<Project> Projects, PartnerLimits Limits);

/// <summary>What became of a partner's payment.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Status">Whether it counts, was reversed, or was reversed before it came.</param>
/// <param name="Amount">The money; zero when it never came.</param>
/// <param name="Receipt">Its receipt; null when it never came.</param>
/// <param name="ReversedOn">The day of its reversal, or null.</param>
public sealed record PartnerPayment(
    PaymentId Payment, AccountNo Account, PaymentStatus Status, Money Amount, ReceiptNo? Receipt,
    DateOnly? ReversedOn);

/// <summary>A key by which a partner is to sign.</summary>
/// <param name="GoodUntil">Until when it is good, inclusive: today at least, at most 400 days from today.</param>
public sealed record IssuePartnerKeyRequest(DateOnly GoodUntil);

/// <summary>Why a key ends before its time.</summary>
/// <param name="Reason">Why, for people, 1 to 400 characters.</param>
public sealed record EndPartnerKeyRequest(string Reason);

/// <summary>A key by which a partner signs, without its secret.</summary>
/// <param name="KeyId">How requests name it, such as <c>icbc.2026a</c>.</param>
/// <param name="IssuedOn">Since when it is good, inclusive.</param>
/// <param name="GoodUntil">Until when it is good, inclusive.</param>
/// <param name="Told">Whether its secret was shown.</param>
/// <param name="Ended">Whether it was ended before its time.</param>
public sealed record PartnerKeyDetails(
    string KeyId, DateOnly IssuedOn, DateOnly GoodUntil, bool Told, bool Ended);

/// <summary>The secret of a key, shown once.</summary>
/// <param name="KeyId">How requests name the key, such as <c>icbc.2026a</c>.</param>
/// <param name="Secret">The 32 bytes of the HMAC key, as 64 hexadecimal digits.</param>
public sealed record PartnerSecret(string KeyId, string Secret);
