using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// The personal members of this service's events. The name of a member is part of its ciphertext, so it never changes.
/// </summary>
public static class PersonalMembers
{
    private const string Name = "name", Phone = "phone";

    public static Sealed SealName(this CustomerKey key, string name) => key.Seal(Name, name);

    public static Sealed SealPhone(this CustomerKey key, string phone) => key.Seal(Phone, phone);

    public static Sealed SealAddress(this CustomerKey key, AccountNo account, string address) =>
        key.Seal(AddressOf(account), address);

    public static string OpenName(this CustomerKey key, Sealed name) => key.Open(Name, name);

    public static string OpenPhone(this CustomerKey key, Sealed phone) => key.Open(Phone, phone);

    public static string OpenAddress(this CustomerKey key, AccountNo account, Sealed address) =>
        key.Open(AddressOf(account), address);

    /// <summary>A customer may hold several accounts, and their addresses must not be exchanged.</summary>
    private static string AddressOf(AccountNo account) => $"address/{account}";
}
