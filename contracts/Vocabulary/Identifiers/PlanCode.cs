using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>
/// The code of a price plan (价格方案), for example <c>beijing-residential-electricity</c>: 1 to 64 of a-z, 0-9, dash.
/// </summary>
[JsonConverter(typeof(IdentifierConverter<PlanCode>))]
public readonly record struct PlanCode : IIdentifier<PlanCode>
{
    private readonly string? _value;

    private PlanCode(string value) => _value = value;

    /// <inheritdoc/>
    public string Value => _value ?? "";

    /// <inheritdoc/>
    public static string Form => "1 to 64 of a-z, 0-9 and dash";

    /// <inheritdoc/>
    public static bool IsValid(string text) =>
        text is { Length: >= 1 and <= 64 } && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <inheritdoc/>
    public static PlanCode Wrap(string text) => new(text);

    /// <inheritdoc/>
    public static PlanCode Parse(string s, IFormatProvider? provider = null) => Identifier.Parse<PlanCode>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PlanCode result) =>
        Identifier.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
