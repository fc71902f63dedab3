namespace Billing.Contracts;

/// <summary>A text in the two languages of the product.</summary>
/// <param name="Zh">Simplified Chinese.</param>
/// <param name="En">English.</param>
public sealed record Label(string Zh, string En);
