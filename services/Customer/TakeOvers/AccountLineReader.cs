using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// Converts the fields of one line to commands. It keeps the first mistake and returns placeholders from then on; which
/// values are allowed is decided by the commands, which are independent of files. A refusal repeats no value: in a line
/// whose columns are mixed up, any of them may be a name.
/// </summary>
internal sealed class AccountLineReader(long line, string[] fields, Dictionary<string, int> places)
{
    private const int MostMeters = 100;

    public static readonly Rejection FieldInvalid = Rejection.Invalid(
        "line-field-invalid", "The field cannot be read.");

    public static readonly Rejection ColumnsTogether = Rejection.Invalid(
        "line-columns-together", "The columns of a supply are filled together or empty together.");

    private static readonly string[] Electricity = ["electricity_plan", "voltage", "meters"];
    private static readonly string[] Heat = ["heat_plan", "area_m2", "use_class", "heat_metered"];

    /// <summary>The column that a command's refusal concerns; refusals not listed concern the account.</summary>
    private static readonly Dictionary<string, string> ColumnOf = new(StringComparer.Ordinal)
    {
        [RegisterCustomer.NameInvalid.Code] = "name",
        [RegisterCustomer.PhoneInvalid.Code] = "phone",
        [RegisterCustomer.RegisteredOtherwise.Code] = "customer",
        [RegisterCustomer.Erased.Code] = "customer",
        [OpenAccount.RegionInvalid.Code] = "region",
        [OpenAccount.ProjectInvalid.Code] = "project",
        [OpenAccount.AddressInvalid.Code] = "address",
        [OpenAccount.ClassUnknown.Code] = "class",
        [OpenAccount.OpenedOnInvalid.Code] = "opened_on",
        [ElectricitySupply.VoltageInvalid.Code] = "voltage",
        [ElectricitySupply.MetersInvalid.Code] = "meters",
        [Meter.NumberInvalid.Code] = "meters",
        [Meter.MultiplierInvalid.Code] = "meters",
        [Meter.DigitsInvalid.Code] = "meters",
        [HeatSupply.AreaInvalid.Code] = "area_m2",
        [HeatSupply.HeightInvalid.Code] = "height_m",
        [HeatSupply.UseClassInvalid.Code] = "use_class",
    };

    private RefusedAccountLine? _refused;

    public AccountLine Read()
    {
        var (account, customer) = (Id<AccountNo>("account"), Id<CustomerNo>("customer"));
        var register = new RegisterCustomer(customer, Text("name"), Text("phone"), null, null);
        Region.TryParse(Text("region"), null, out var region);
        Project.TryParse(Text("project"), null, out var project);
        var open = new OpenAccount(
            account, customer, new Holder.Unknown(), region, project, Text("address"), Class(),
            Day("opened_on"), ElectricityOf(), HeatOf(), PublishedPlans.None, default, null);
        return _refused is null
            ? new(line, account.Value, register, open, null)
            : new(line, _refused.Account, null, null, _refused);
    }

    public AccountLine Refuse(string column, Rejection rejection)
    {
        var written = places["account"] < fields.Length ? fields[places["account"]] : "";
        var account = AccountNo.IsValid(written) ? written : "";
        var refused = new RefusedAccountLine(line, account, column, rejection.Code, rejection.Message);
        return new(line, account, null, null, refused);
    }

    /// <summary>Converts a command's refusal to a refused line.</summary>
    public static RefusedAccountLine Refuse(AccountLine line, OpenAccount open, Rejection rejection)
    {
        var column = !PublishedPlans.Refused(rejection) ? ColumnOf.GetValueOrDefault(rejection.Code, "account")
            : open.CheckPlan(Utility.Electricity) is null ? "heat_plan" : "electricity_plan";
        // A file whose columns are swapped has a name or a telephone number where the plan belongs; this is kept.
        var message = rejection.Code == PublishedPlans.NotPublished.Code
            ? PublishedPlans.NotPublished.Message
            : rejection.Message;
        return new(line.Line, line.Account, column, rejection.Code, message);
    }

    private ElectricitySupply? ElectricityOf() => Together(Electricity)
        ? new(Id<PlanCode>("electricity_plan"), Text("voltage"), Meters())
        : null;

    private HeatSupply? HeatOf() => Together(Heat)
        ? new(
            Id<PlanCode>("heat_plan"), Number("area_m2"), Text("height_m").Length == 0 ? null : Number("height_m"),
            Text("use_class"), Flag("heat_metered", Text("heat_metered")))
        : null;

    private bool Together(string[] columns)
    {
        var empty = Array.FindAll(columns, column => Text(column).Length == 0);
        var heightAlone = empty.Length == columns.Length && columns == Heat && Text("height_m").Length > 0;
        if (heightAlone || (empty.Length > 0 && empty.Length < columns.Length))
            Note(empty[0], ColumnsTogether);
        return empty.Length == 0;
    }

    private List<Meter> Meters()
    {
        var meters = new List<Meter>();
        foreach (var text in Text("meters").Split(';', MostMeters))
        {
            if (text.Split(':') is not [var number, var multiplier, var digits, var timeOfUse])
            {
                Note("meters", FieldInvalid.With("A meter is no:multiplier:digits:tou."));
                return meters;
            }
            MeterNo.TryParse(number, null, out var meter);
            meters.Add(new(
                meter, Decimal("meters", multiplier), (int)Math.Min(int.MaxValue, Decimal("meters", digits, false)),
                Flag("meters", timeOfUse)));
        }
        return meters;
    }

    private string Text(string column) => fields[places[column]];

    private T Id<T>(string column)
        where T : struct, IIdentifier<T>
    {
        if (!Identifier.TryParse<T>(Text(column), out var id))
            Note(column, FieldInvalid.With($"The field is not {T.Form}."));
        return id;
    }

    private decimal Number(string column) => Decimal(column, Text(column));

    private decimal Decimal(string column, string text, bool fraction = true)
    {
        var style = fraction ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
        // The framework's parser ignores NULs at the end.
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number) || text.Any(char.IsControl))
            Note(column, FieldInvalid.With($"The field is not a number like {(fraction ? "12.5" : "12")}."));
        return number;
    }

    private bool Flag(string column, string text)
    {
        if (text is not ("0" or "1"))
            Note(column, FieldInvalid.With("The field is not 0 or 1."));
        return text == "1";
    }

    private DateOnly Day(string column)
    {
        if (!DateOnly.TryParseExact(
            Text(column), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            Note(column, FieldInvalid.With("The field is not a day like 2026-10-31."));
        return day;
    }

    private CustomerClass Class()
    {
        var name = Text("class");
        if (!Enum.TryParse<CustomerClass>(name, out var known) || known.ToString() != name)
            Note("class", OpenAccount.ClassUnknown);
        return known;
    }

    private void Note(string column, Rejection rejection) => _refused ??= Refuse(column, rejection).Refused;
}
