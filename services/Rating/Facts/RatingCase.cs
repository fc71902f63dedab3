using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A case for a plan, written in JSON: a usage of a supply (or several periods, one after the other), a late debt, or
/// an application for suspension. Its form is described in <c>services/Rating/cases.md</c>.
/// </summary>
public sealed class RatingCase
{
    private RatingCase(PlanObject json)
    {
        Id = json.Has("id") ? json.Text("id") : "";
        var kinds = 0;
        if (json.Has("usage"))
        {
            kinds++;
            Supply = FactReader.Supply(json.Object("supply"));
            Usages = json.IsArray("usage")
                ? json.Array("usage", 400, (element, path, errors) => FactReader.Usage(new(element, path, errors)))
                : [FactReader.Usage(json.Object("usage"))];
        }
        if (json.OptionalObject("penalty") is { } penalty)
        {
            kinds++;
            Debt = FactReader.Debt(penalty);
        }
        if (json.OptionalObject("suspension") is { } suspension)
        {
            kinds++;
            Season = suspension.Whole("season", 1900, 2999);
            AppliedOn = suspension.Day("appliedOn");
            suspension.Finish();
        }
        if (kinds == 0)
            _ = json.Has("supply");
        if (kinds != 1)
            json.Fail("usage", "a case has one of usage, penalty and suspension");
        json.Finish();
    }

    /// <summary>The name of the case.</summary>
    public string Id { get; }

    /// <summary>The supply, in a case of usage.</summary>
    public SupplyFacts? Supply { get; }

    /// <summary>The periods, in order; empty in other cases.</summary>
    public IReadOnlyList<Usage> Usages { get; } = [];

    /// <summary>The debt, in a case of a penalty.</summary>
    public LateDebt? Debt { get; }

    /// <summary>The year in which the season begins, in a case of suspension.</summary>
    public int Season { get; }

    /// <summary>The day of the application for suspension, or null.</summary>
    public DateOnly? AppliedOn { get; }

    /// <summary>
    /// Reads a case, an array of cases, or an object with <c>cases</c>. Every mistake is reported with its path.
    /// </summary>
    public static bool TryParse(
        JsonElement json, [NotNullWhen(true)] out IReadOnlyList<RatingCase>? cases,
        out IReadOnlyList<PlanError> errors)
    {
        var found = new List<PlanError>();
        (cases, errors) = (null, found);
        try
        {
            var read = json.ValueKind switch
            {
                JsonValueKind.Array => ReadAll(json, "$", found),
                JsonValueKind.Object when json.TryGetProperty("cases", out _) => ReadAll(new(json, "$", found)),
                _ => [new(new(json, "$", found))],
            };
            cases = found.Count == 0 ? read : null;
        }
        catch (InvalidOperationException)
        {
            found.Add(new("$", "holds text that is not Unicode"));
        }
        return cases is not null;
    }

    /// <summary>
    /// The bills of the case, one after the other. Consumption and charges of the year are carried from each to the
    /// next; a period that begins with the year, or before it, starts them at zero.
    /// </summary>
    /// <param name="schedule">The versions of the plan.</param>
    public IReadOnlyList<Rated> Rate(PlanSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var rated = new List<Rated>();
        var (known, before) = (0, YearToDate.Unknown);
        foreach (var usage in Usages)
        {
            var year = usage.Period.Last.Year;
            if (usage.Period.First <= new DateOnly(year, 1, 1))
                before = YearToDate.Begun;
            else if (known != year)
                before = YearToDate.Unknown;
            var now = before.Before(usage);
            rated.Add(schedule.Rate(Supply!, now));
            (known, before) = (year, YearToDate.After(now, rated[^1].Bill));
        }
        return rated;
    }

    private static RatingCase[] ReadAll(PlanObject json)
    {
        var cases = json.Array("cases", 1_000_000, (element, path, errors) =>
            new RatingCase(new(element, path, errors)));
        json.Finish();
        return cases;
    }

    private static RatingCase[] ReadAll(JsonElement array, string path, List<PlanError> errors)
    {
        var cases = new RatingCase[array.GetArrayLength()];
        if (cases.Length == 0)
            errors.Add(new(path, "has no case"));
        for (var i = 0; i < cases.Length; i++)
            cases[i] = new(new(array[i], $"{path}[{i}]", errors));
        return cases;
    }
}
