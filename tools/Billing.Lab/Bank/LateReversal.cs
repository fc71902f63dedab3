using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>
/// Reverses a payment that its partner can no longer reverse: one person requests it, another one approves.
/// </summary>
internal static class LateReversal
{
    /// <summary>The refusals after which this is the only way.</summary>
    public static readonly IReadOnlyList<string?> Refusals = ["reversal-on-other-day", "reversal-after-day-end"];

    /// <summary>Requests and approves; returns the problem if one was refused.</summary>
    public static async Task<Problem?> Try(
        ServiceClient payments, string partner, DateOnly paidOn, string serial, string reason,
        CancellationToken cancellation)
    {
        var payment = string.Create(CultureInfo.InvariantCulture, $"{partner}-{paidOn:yyyyMMdd}-{serial}");
        return (await payments.Agree(asking => asking.Put<string>(
            $"/reversal-requests/{payment}", new RequestReversalRequest(PaymentId.Wrap(payment), reason),
            cancellation), cancellation)).Problem;
    }

    /// <summary>Requests and approves.</summary>
    /// <exception cref="Failure">One was refused.</exception>
    public static async Task Make(
        ServiceClient payments, string partner, DateOnly paidOn, string serial, string reason,
        CancellationToken cancellation)
    {
        if (await Try(payments, partner, paidOn, serial, reason, cancellation) is { } problem)
            throw new Failure($"taking back {partner} {paidOn:yyyy-MM-dd} {serial}: {problem}");
    }
}
