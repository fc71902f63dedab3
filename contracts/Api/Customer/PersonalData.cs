namespace Billing.Contracts.Api;

/// <summary>Personal data of a customer, in clear; no other service receives it.</summary>
/// <param name="Customer">The number.</param>
/// <param name="Name">The full name.</param>
/// <param name="Phone">A telephone number; empty when there is none.</param>
public sealed record CustomerPersonalData(CustomerNo Customer, string Name, string Phone);

/// <summary>Personal data of an account, in clear; no other service receives it.</summary>
/// <param name="Account">The number.</param>
/// <param name="Customer">The holder's number.</param>
/// <param name="Address">The full address.</param>
public sealed record AccountPersonalData(AccountNo Account, CustomerNo Customer, string Address);

/// <summary>Corrects what is known of a customer: all facts as they should be.</summary>
/// <param name="Name">The full name, 1 to 100 characters on one line, without blanks at its ends.</param>
/// <param name="Phone">A telephone number: 3 to 20 digits, blanks, + or -; empty when there is none.</param>
/// <param name="Kind">Person or company.</param>
/// <param name="Reason">The document or ticket that it rests on, 1 to 200 characters; never a person.</param>
public sealed record CorrectCustomerRequest(string Name, string Phone, HolderKind Kind, string Reason);

/// <summary>Erases the personal data of a customer for ever.</summary>
/// <param name="ContractsEndedOn">The day on which the last contract of the customer ended, inclusive, not after
/// today; null for a customer who never held an account.</param>
/// <param name="Reason">The request or rule that it rests on, 1 to 200 characters; never a person.</param>
public sealed record EraseCustomerRequest(DateOnly? ContractsEndedOn, string Reason);

/// <summary>Searches customers by exact values; of two values both must match.</summary>
/// <param name="Name">The full name; upper and lower case and blanks do not matter. Null for any.</param>
/// <param name="Phone">The telephone number; only its digits matter, and a leading 86 of a mobile number does not.
/// Null for any.</param>
/// <param name="After">The last customer of the page before; null for the first page.</param>
public sealed record SearchCustomersRequest(string? Name, string? Phone, CustomerNo? After);

/// <summary>A page of customers that were found.</summary>
/// <param name="Customers">The customers by number, 100 at most.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record CustomersFound(IReadOnlyList<CustomerDetails> Customers, CustomerNo? Next);

/// <summary>One read of personal data.</summary>
/// <param name="Id">Its id; later reads have greater ones.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reader">Who has read it, such as <c>user:zhang</c>.</param>
/// <param name="Customer">Whose data it is.</param>
/// <param name="Fields">Which members were shown.</param>
/// <param name="Reason">The reason that was given.</param>
/// <param name="Address">The network address that the request came from.</param>
/// <param name="Correlation">The trace that it belongs to, or null.</param>
public sealed record PersonalDataRead(
    Guid Id, DateTimeOffset At, string Reader, CustomerNo Customer, IReadOnlyList<string> Fields, string Reason,
    string Address, string? Correlation);

/// <summary>A page of reads of personal data.</summary>
/// <param name="Reads">The reads, the oldest first.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record PersonalDataReadPage(IReadOnlyList<PersonalDataRead> Reads, Guid? Next);

/// <summary>How many data keys were wrapped by the newest master key.</summary>
/// <param name="Rewrapped">Those that another master key wrapped before.</param>
public sealed record RewrappedKeys(long Rewrapped);
