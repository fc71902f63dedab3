namespace Billing.Contracts.Api;

/// <summary>A partner's conventions, as they are to be from now on.</summary>
/// <param name="Name">Its name for people, 1 to 100 characters.</param>
/// <param name="Channel">How its money comes.</param>
/// <param name="AmountRule">Which amounts it may bring.</param>
/// <param name="DayCut">The time of day, China time, a whole second, at which its next business day begins.</param>
/// <param name="Encoding">In which encoding it writes its files.</param>
/// <param name="LateDays">How many days after their bank day its payments are still taken, 0 to 400.</param>
public sealed record SavePartnerRequest(
    string Name, Channel Channel, AmountRule AmountRule, TimeOnly DayCut,
    BankEncoding Encoding = BankEncoding.Utf8, int LateDays = 31);

/// <summary>A bank or another channel that may bring money, and its conventions.</summary>
/// <param name="Code">Its code in addresses: 1 to 20 of a-z and 0-9.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Channel">How its money comes.</param>
/// <param name="AmountRule">Which amounts it may bring.</param>
/// <param name="DayCut">The time of day, China time, at which its next business day begins (the 日切).</param>
/// <param name="Encoding">In which encoding it writes its files.</param>
/// <param name="LateDays">How many days after their bank day its payments are still taken; those that its file of the
/// day tells are taken as long as files of that day are.</param>
public sealed record PartnerTerms(
    PartnerCode Code, string Name, Channel Channel, AmountRule AmountRule, TimeOnly DayCut, BankEncoding Encoding,
    int LateDays);
