using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Finds customers by their exact name or telephone number, by keyed hashes of both. What is searched for is in the
/// body, because addresses of requests are logged by whoever passes them on.
/// </summary>
public sealed class CustomerSearch(CustomerKeys keys)
{
    private const int PageSize = 100;

    public static readonly Rejection NothingSought = Rejection.Invalid(
        "search-empty", "A search is by name, by telephone number, or by both.");

    /// <summary>A customer's hashes; that of an empty telephone number is null.</summary>
    internal sealed record Hashes(CustomerNo Customer, byte[] Name, byte[]? Phone);

    /// <summary>The hashes of a customer with these facts.</summary>
    internal async ValueTask<Hashes> Entry(
        CustomerNo customer, string name, string phone, CancellationToken cancellation)
    {
        var hash = await keys.Hash(cancellation);
        return new(customer, HashOfName(hash, name), HashOfPhone(hash, phone));
    }

    /// <summary>Writes hashes in the transaction of a connection, in place of former ones.</summary>
    internal static async Task Write(
        NpgsqlConnection connection, IReadOnlyCollection<Hashes> entries, CancellationToken cancellation)
    {
        if (entries.Count == 0)
            return;
        await using var write = new NpgsqlCommand("""
            insert into customer_search (customer_no, name, phone)
            select * from unnest($1::text[], $2::bytea[], $3::bytea[])
            on conflict (customer_no) do update set name = excluded.name, phone = excluded.phone
            """, connection);
        write.Parameters.Add(new() { Value = entries.Select(entry => entry.Customer.Value).ToArray() });
        write.Parameters.Add(new() { Value = entries.Select(entry => entry.Name).ToArray() });
        write.Parameters.Add(new NpgsqlParameter<byte[]?[]>
        {
            TypedValue = [.. entries.Select(entry => entry.Phone)],
        });
        await write.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets how a customer was found.</summary>
    internal static Task Erase(NpgsqlConnection connection, CustomerNo customer, CancellationToken cancellation) =>
        connection.ExecuteAsync(new(
            "delete from customer_search where customer_no = @customer", new { customer = customer.Value },
            cancellationToken: cancellation));

    internal static async Task<Results<Ok<CustomersFound>, ProblemHttpResult>> Find(
        SearchCustomersRequest body, HttpContext context, CustomerKeys keys, EventStore store, NpgsqlDataSource source,
        CancellationToken cancellation)
    {
        var scope = Scope.Of(context);
        var hash = await keys.Hash(cancellation);
        var name = body.Name is null ? null : HashOfName(hash, body.Name);
        var phone = body.Phone is null ? null : HashOfPhone(hash, body.Phone);
        if (name is null && phone is null)
            return NothingSought.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        string?[] conditions =
        [
            name is null ? null : "name = @name", phone is null ? null : "phone = @phone",
            scope.IsLimited
                ? $"exists (select from accounts a where a.customer_no = s.customer_no and {scope.Condition})"
                : null,
        ];
        var found = (await connection.QueryAsync<string>(new(
            $"""
            select customer_no from customer_search s
            where {string.Join(" and ", conditions.OfType<string>())} and customer_no > @after
            order by customer_no limit {PageSize}
            """,
            new { name, phone, after = body.After?.Value ?? "", regions = scope.Regions, projects = scope.Projects },
            cancellationToken: cancellation)))
            .Select(CustomerNo.Wrap).ToList();
        var details = await Task.WhenAll(found.Select(async customer => RegisterCustomerEndpoint.Describe(
            customer, (await store.Load(Holder.Stream(customer), cancellation)).State)));
        return TypedResults.Ok(new CustomersFound(
            [.. details.OfType<CustomerDetails>()], found.Count == PageSize ? found[^1] : null));
    }

    private static byte[] HashOfName(KeyedHash hash, string name) => hash.Of(
        "name",
        string.Concat(Readable(name).Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant());

    private static byte[]? HashOfPhone(KeyedHash hash, string phone)
    {
        var digits = string.Concat(phone.Where(char.IsAsciiDigit));
        if (digits is ['8', '6', '1', ..] && digits.Length == 13)
            digits = digits[2..];
        return digits.Length == 0 ? null : hash.Of("phone", digits);
    }

    /// <summary>Full-width and half-width characters are the same to whoever types a name.</summary>
    private static string Readable(string text) =>
        text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar)
            ? text
            : text.Normalize(NormalizationForm.FormKC);
}

public static class CustomerSearchEndpoint
{
    public static void MapCustomerSearch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/customers/search", CustomerSearch.Find)
            .WithName("SearchCustomers").RequireRight(Right.ReadCustomers)
            .FilteredByScope()
            .WithSummary("Finds customers by their exact name or telephone number.")
            .Refuses(CustomerSearch.NothingSought);
}
