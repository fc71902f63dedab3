using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Reads the facts of a case: a supply, its usage, a debt.</summary>
internal static class FactReader
{
    /// <summary>Reads <c>supply</c>.</summary>
    public static SupplyFacts Supply(PlanObject json)
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
    public static Usage Usage(PlanObject json)
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
                ? InterruptionsOf(happened)
                : Interruptions.None,
            Payment = json.OptionalObject("payment") is { } payment ? PaymentOf(payment) : null,
        };
        if (json.OptionalObject("yearToDate") is { } year)
            usage = YearToDate.Read(year).Before(usage);
        json.Finish();
        return usage;
    }

    /// <summary>
    /// Reads the registers, including those of several meters: <c>solar/total</c> is one of them, and <c>total</c> is
    /// the sum of all when it is not given itself.
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

    private static Interruptions InterruptionsOf(PlanObject json)
    {
        var happened = new Interruptions
        {
            Suspended = json.Has("suspended") && json.Flag("suspended"),
            Disconnected = json.OptionalArray("stopped", 400, (element, path, errors) =>
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

    private static EarlyPayment PaymentOf(PlanObject json) => Finished(json, one => new EarlyPayment(
        one.Day("on"), one.Text("channel"), one.Flag("full"), one.Has("arrears") && one.Flag("arrears")));

    /// <summary>Reads <c>penalty</c>.</summary>
    public static LateDebt Debt(PlanObject json) => Finished(json, debt => new LateDebt(
        debt.Choice("class", PlanDocument.ClassNames), debt.Money("principal"), debt.Day("dueOn"), debt.Day("paidOn"))
    {
        Payments = debt.OptionalArray("payments", 400, (element, path, errors) => Finished(
            new(element, path, errors), one => new PartPayment(one.Day("on"), one.Money("amount")))),
        Disconnected = debt.OptionalArray("stopped", 400, (element, path, errors) =>
            new PlanObject(element, path, errors).RangeOnly()),
    });

    private static T Finished<T>(PlanObject json, Func<PlanObject, T> read)
    {
        var value = read(json);
        json.Finish();
        return value;
    }
}
