using Billing.Contracts;

namespace Billing.Rating;

/// <summary>A mistake in a plan document.</summary>
/// <param name="Path">Its position, as a JSON path: <c>$.components[0].tiers[1].price</c>.</param>
/// <param name="Message">The mistake, for people.</param>
public sealed record PlanError(string Path, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Combines labels.</summary>
internal static class Labels
{
    /// <summary>This label, followed by that of the part.</summary>
    public static Label With(this Label label, string zh, string en) => new($"{label.Zh} {zh}", $"{label.En}, {en}");
}
