using Billing.Contracts;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>
/// From which consumption on a person should look at a reading before it is billed. All of it is local (rules.md
/// section 10) and set under <c>Billing:Readings</c>, such as <c>Billing:Readings:KwhPerDay:Residential=50</c>.
/// </summary>
public sealed record ReadingLimits
{
    /// <summary>Where they are configured.</summary>
    public const string Section = "Billing:Readings";

    /// <summary>What counts unless it is set otherwise.</summary>
    public static readonly ReadingLimits Default = new();

    /// <summary>So many times the meter's own daily average is high.</summary>
    public decimal HighTimes { get; init; } = 3m;

    /// <summary>The average divided by so much is low.</summary>
    public decimal LowTimes { get; init; } = 4m;

    /// <summary>Differences of at most so many kWh are never remarkable.</summary>
    public decimal RemarkableKwh { get; init; } = 100m;

    /// <summary>So many days a history must cover to be compared with.</summary>
    public decimal DaysForAverage { get; init; } = 20m;

    /// <summary>
    /// More a day is high when there is no such history, kWh by class: for a flat some five times what an ordinary one
    /// uses, so that a slipped digit in the first reading is found.
    /// </summary>
    public Dictionary<CustomerClass, decimal> KwhPerDay { get; init; } = new()
    {
        [CustomerClass.Residential] = 50m,
        [CustomerClass.Commercial] = 1_000m,
        [CustomerClass.Industrial] = 20_000m,
        [CustomerClass.Public] = 5_000m,
        [CustomerClass.Agriculture] = 1_000m,
    };
}

/// <summary>Every limit is more than 0, and there is one for every class.</summary>
internal sealed class ReadingLimitsCheck : IValidateOptions<ReadingLimits>
{
    private const decimal Most = 999_999_999m;

    public ValidateOptionsResult Validate(string? name, ReadingLimits options)
    {
        (string Name, decimal Value)[] limits =
        [
            (nameof(options.HighTimes), options.HighTimes), (nameof(options.LowTimes), options.LowTimes),
            (nameof(options.RemarkableKwh), options.RemarkableKwh),
            (nameof(options.DaysForAverage), options.DaysForAverage),
            .. Enum.GetValues<CustomerClass>().Select(kind =>
                ($"{nameof(options.KwhPerDay)}:{kind}", options.KwhPerDay.GetValueOrDefault(kind))),
        ];
        var wrong = limits
            .Where(limit => limit.Value is not (> 0m and <= Most))
            .Select(limit => $"{ReadingLimits.Section}:{limit.Name} is {limit.Value}, and should be a number of more " +
                "than 0, such as 50.")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
