using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A question to a plan, as it is written in JSON: what does this supply owe for this usage (or for several periods,
/// one after the other), what does this late debt cost, does this application for suspension come in time? The form is
/// described in <c>services/Rating/cases.md</c>.
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
            Supply = ReadSupply(json.Object("supply"));
            Usages = json.IsArray("usage")
                ? json.Array("usage", 400, (element, path, errors) => ReadUsage(new(element, path, errors)))
                : [ReadUsage(json.Object("usage"))];
        }
        if (json.OptionalObject("penalty") is { } penalty)
        {
            kinds++;
            Debt = ReadDebt(penalty);
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

    /// <summary>What the case is called.</summary>
    public string Id { get; }

    /// <summary>The supply, when it is a case of usage.</summary>
    public SupplyFacts? Supply { get; }

    /// <summary>The periods, in order; none when it is another case.</summary>
    public IReadOnlyList<Usage> Usages { get; } = [];

    /// <summary>The debt, when it is a case of a penalty.</summary>
    public LateDebt? Debt { get; }

    /// <summary>The year in which the season begins, when it is a case of suspension.</summary>
    public int Season { get; }

    /// <summary>The day of the application for suspension, or null.</summary>
    public DateOnly? AppliedOn { get; }

    /// <summary>
    /// Reads a case, an array of them, or an object with <c>cases</c>. Every mistake is named with its path.
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
    /// The bills of the case, one after the other. What the year came to is carried from each to the next; a period
    /// that begins with the year, or before it, has nothing of the year before it.
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

    /// <summary>Reads <c>supply</c>.</summary>
    internal static SupplyFacts ReadSupply(PlanObject json)
    {
        var supply = new SupplyFacts(json.Choice("class", PlanDocument.ClassNames))
        {
            AreaM2 = json.OptionalNumber("areaM2", 0m, 10_000_000m) ?? 0m,
            HeatFactor = json.OptionalNumber("heatFactor", 0.0000000001m, 10m),
            HeightM = json.OptionalNumber("heightM", 0m, 100m),
            UseClass = json.Has("useClass") ? json.Text("useClass") : null,
            LargeHousehold = json.Has("largeHousehold") && json.Flag("largeHousehold"),
            Categories = json.OptionalTexts("categories", 20),
            BasicCharge = json.Has("basicCharge")
                ? json.Choice<BasicChargeMethod?>("basicCharge", ("CAPACITY", BasicChargeMethod.Capacity),
                    ("CONTRACT_DEMAND", BasicChargeMethod.ContractDemand),
                    ("ACTUAL_DEMAND", BasicChargeMethod.ActualDemand))
                : null,
            Quantities = json.OptionalObject("quantities")?.Quantities() ?? SupplyFacts.Nothing,
            QuotaSince = json.OptionalDay("quotaSince"),
        };
        json.Finish();
        return supply;
    }

    /// <summary>Reads <c>usage</c>.</summary>
    internal static Usage ReadUsage(PlanObject json)
    {
        var period = json.Range();
        var registers = Registers(json);
        var usage = new Usage(period)
        {
            Cycle = json.OptionalObject("cycle")?.RangeOnly(),
            TotalKwh = Take(registers, "total"),
            PeakKwh = Take(registers, "peak"),
            ValleyKwh = Take(registers, "valley"),
            HeatKwh = Take(registers, "heat-kwh"),
            HeatGj = Take(registers, "heat-gj"),
            Registers = registers,
            Months = json.OptionalWhole("months", 1, 24) ?? 1,
            Parts = Parts(json, period),
            Settles = json.Has("settles") && json.Flag("settles"),
            Prepaid = json.Has("prepaid") ? json.Money("prepaid") : Money.Zero,
            TaxPoint = json.OptionalDay("taxPoint"),
            ClosesYear = json.Has("closesYear") && json.Flag("closesYear"),
            Interruptions = json.OptionalObject("interruptions") is { } happened
                ? ReadInterruptions(happened)
                : Interruptions.None,
            Payment = json.OptionalObject("payment") is { } payment ? ReadPayment(payment) : null,
        };
        if (json.OptionalObject("yearToDate") is { } year)
            usage = YearToDate.Read(year).Before(usage);
        json.Finish();
        return usage;
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

    /// <summary>
    /// The registers, and those of several meters: <c>solar/total</c> is one of them, and <c>total</c> is the sum of
    /// all when it is not given itself.
    /// </summary>
    private static Dictionary<string, decimal> Registers(PlanObject json)
    {
        var registers = json.OptionalObject("registers")?.Quantities() ?? [];
        var own = registers.Keys.ToHashSet(StringComparer.Ordinal);
        var meters = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (meter, read) in json.OptionalArray("meters", 50, (element, path, errors) =>
        {
            var one = new PlanObject(element, path, errors);
            var found = (one.Name("id"), one.Object("registers").Quantities());
            if (!meters.Add(found.Item1))
                one.Fail("id", "is there twice");
            one.Finish();
            return found;
        }))
        {
            foreach (var (register, quantity) in read)
            {
                registers[$"{meter}/{register}"] = quantity;
                if (!own.Contains(register))
                    registers[register] = registers.GetValueOrDefault(register) + quantity;
            }
        }
        return registers;
    }

    private static decimal? Take(Dictionary<string, decimal> registers, string name) =>
        registers.Remove(name, out var quantity) ? quantity : null;

    private static Usage[] Parts(PlanObject json, DateRange period)
    {
        var next = period.First;
        return json.OptionalArray("parts", 400, (element, path, errors) =>
        {
            var part = new PlanObject(element, path, errors);
            var last = part.Day("to");
            if ((last < next || last > period.Last) && !json.Failed("from") && !json.Failed("to"))
                part.Fail("to", "must be after the part before, and within the period");
            var registers = Registers(part);
            var usage = new Usage(last < next ? new(next, next) : new(next, last))
            {
                TotalKwh = Take(registers, "total"),
                PeakKwh = Take(registers, "peak"),
                ValleyKwh = Take(registers, "valley"),
                HeatKwh = Take(registers, "heat-kwh"),
                HeatGj = Take(registers, "heat-gj"),
                Registers = registers,
            };
            part.Finish();
            if (usage.Period.Last < DateOnly.MaxValue)
                next = usage.Period.Last.AddDays(1);
            return usage;
        });
    }

    private static Interruptions ReadInterruptions(PlanObject json)
    {
        var happened = new Interruptions
        {
            Suspended = json.Has("suspended") && json.Flag("suspended"),
            Stopped = json.OptionalArray("stopped", 400, (element, path, errors) =>
                new PlanObject(element, path, errors).RangeOnly()),
            Outages = json.OptionalArray("outages", 400, (element, path, errors) => Finished(
                new(element, path, errors),
                one => new Outage(one.Range(), one.OptionalNumber("hours", 0m, 100_000m)))),
            Cold = json.OptionalArray("cold", 400, (element, path, errors) => Finished(
                new(element, path, errors),
                one => new ColdSpell(
                    one.Range(), one.Number("celsius", -50m, 60m), one.OptionalNumber("affectedM2", 0m, 10_000_000m),
                    one.OptionalNumber("hours", 0m, 100_000m)))),
            Sealed = json.OptionalArray("sealed", 400, (element, path, errors) => Finished(
                new(element, path, errors),
                one => new SealedCapacity(one.Number("kva", 0m, 10_000_000m), one.Range()))),
        };
        json.Finish();
        return happened;
    }

    private static EarlyPayment ReadPayment(PlanObject json) => Finished(json, one => new EarlyPayment(
        one.Day("on"), one.Text("channel"), one.Flag("full"), one.Has("arrears") && one.Flag("arrears")));

    private static LateDebt ReadDebt(PlanObject json) => Finished(json, debt => new LateDebt(
        debt.Choice("class", PlanDocument.ClassNames), debt.Money("principal"), debt.Day("dueOn"), debt.Day("paidOn"))
    {
        Payments = debt.OptionalArray("payments", 400, (element, path, errors) => Finished(
            new(element, path, errors), one => new PartPayment(one.Day("on"), one.Money("amount")))),
        Stopped = debt.OptionalArray("stopped", 400, (element, path, errors) =>
            new PlanObject(element, path, errors).RangeOnly()),
    });

    private static T Finished<T>(PlanObject json, Func<PlanObject, T> read)
    {
        var value = read(json);
        json.Finish();
        return value;
    }
}
