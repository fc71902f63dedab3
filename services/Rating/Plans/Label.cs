namespace Billing.Rating;

/// <summary>Something wrong in a plan document.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.components[0].tiers[1].price</c>.</param>
/// <param name="Message">What, for people.</param>
public sealed record PlanError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>A text in both languages of the product.</summary>
/// <param name="Zh">Simplified Chinese.</param>
/// <param name="En">English.</param>
public sealed record Label(string Zh, string En)
{
    /// <summary>This label, followed by what it is a part of.</summary>
    internal Label With(string zh, string en) => new($"{Zh} {zh}", $"{En}, {en}");
}
