namespace Billing.Contracts.Api;

/// <summary>Registers a customer; the customer number is in the path.</summary>
/// <param name="Name">The full name, 1 to 100 characters on one line, without blanks at its ends.</param>
/// <param name="Phone">A telephone number: 3 to 20 digits, blanks, + or -; empty when there is none.</param>
/// <param name="Kind">Person or company.</param>
public sealed record RegisterCustomerRequest(string Name, string Phone, HolderKind Kind);

/// <summary>A customer as they may be shown to everybody who serves customers.</summary>
/// <param name="Customer">The number.</param>
/// <param name="MaskedName">The name, masked; <c>***</c> once the personal data was erased.</param>
/// <param name="Kind">Person or company.</param>
/// <param name="Erased">Whether the personal data was erased.</param>
public sealed record CustomerDetails(CustomerNo Customer, string MaskedName, HolderKind Kind, bool Erased);
