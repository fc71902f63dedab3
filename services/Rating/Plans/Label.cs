using Billing.Contracts;

namespace Billing.Rating;

/// <summary>Something wrong in a plan document.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.components[0].tiers[1].price</c>.</param>
/// <param name="Message">What, for people.</param>
public sealed record PlanError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Texts in both languages, put together.</summary>
internal static class Labels
{
    /// <summary>This label, followed by what it is a part of.</summary>
    public static Label With(this Label label, string zh, string en) => new($"{label.Zh} {zh}", $"{label.En}, {en}");
}
