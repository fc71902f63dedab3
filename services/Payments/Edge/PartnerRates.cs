using System.Globalization;
using System.Threading.RateLimiting;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Payments;

/// <summary>What a partner asks for, as its limits count it.</summary>
public enum PartnerAct
{
    /// <summary>It asks for a bill or a payment.</summary>
    Query,

    /// <summary>It pays or reverses.</summary>
    Pay,

    /// <summary>It sends the file of a day, or asks how it compares.</summary>
    File,
}

/// <summary>Counts what each partner asks for in a minute (rules.md B-1), in all and of one account.</summary>
public sealed class PartnerRates(IOptions<PartnerEdgeOptions> options) : IDisposable
{
    /// <summary>The partner asks more often than its limits allow: 429.</summary>
    public static readonly Rejection TooOften = new(
        "rate-limited", "You ask more often than was agreed; ask again after the seconds that Retry-After says.", 429);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<Counted> _rates = PartitionedRateLimiter.Create<Counted, Counted>(
        counted => RateLimitPartition.GetFixedWindowLimiter(counted, _ => new()
        {
            PermitLimit = counted.Most, Window = Window, QueueLimit = 0,
        }));

    /// <summary>Counts one request.</summary>
    /// <param name="partner">Whose it is.</param>
    /// <param name="act">What it asks for.</param>
    /// <param name="account">The account it is about, or null.</param>
    /// <returns>Null when it is within the limits; otherwise how long to wait.</returns>
    public TimeSpan? Count(Partner partner, PartnerAct act, AccountNo? account)
    {
        ArgumentNullException.ThrowIfNull(partner);
        var limits = LimitsOf(partner);
        var (all, one) = act switch
        {
            PartnerAct.Query => (limits.QueriesPerMinute, limits.QueriesPerAccount),
            PartnerAct.Pay => (limits.PaymentsPerMinute, limits.PaymentsPerAccount),
            _ => (limits.FilesPerMinute, limits.FilesPerMinute),
        };
        return (account is { } known ? Take(new(partner.Code, act, known.Value, one)) : null)
            ?? Take(new(partner.Code, act, "", all));
    }

    /// <summary>The limits of a partner.</summary>
    public PartnerLimits LimitsOf(Partner partner)
    {
        ArgumentNullException.ThrowIfNull(partner);
        return partner.Limits ?? options.Value.Limits;
    }

    /// <inheritdoc/>
    public void Dispose() => _rates.Dispose();

    private TimeSpan? Take(Counted counted)
    {
        using var lease = _rates.AttemptAcquire(counted);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait
            : Window;
    }

    /// <summary>What is counted together; the limit is part of it, so that a new one counts at once.</summary>
    private readonly record struct Counted(PartnerCode Partner, PartnerAct Act, string Account, int Most);
}

/// <summary>Holds operations of partners to their limits and to what was delegated to them.</summary>
internal static class PartnerRatesOfOperations
{
    /// <summary>Counts each request, and hides accounts of other projects than the partner's.</summary>
    public static RouteHandlerBuilder Counts(this RouteHandlerBuilder endpoint, PartnerAct act) =>
        endpoint.Refuses(PartnerRates.TooOften).AddEndpointFilter(async (call, next) =>
        {
            var context = call.HttpContext;
            var partner = PartnerEdge.Of(context);
            var account = AccountOf(call.Arguments);
            if (context.RequestServices.GetRequiredService<PartnerRates>().Count(partner, act, account) is { } wait)
            {
                context.Response.Headers.RetryAfter =
                    Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return PartnerRates.TooOften.ToProblem();
            }
            return account is { } asked && !await context.RequestServices.GetRequiredService<Delegations>()
                .Has(partner, asked, context.RequestAborted)
                ? ReceivePayment.AccountUnknown.ToProblem()
                : await next(call);
        });

    private static AccountNo? AccountOf(IList<object?> arguments)
    {
        foreach (var argument in arguments)
        {
            switch (argument)
            {
                case AccountNo account:
                    return account;
                case ReceivePaymentRequest payment:
                    return payment.Account;
                case ReversePaymentRequest reversal:
                    return reversal.Account;
            }
        }
        return null;
    }
}
