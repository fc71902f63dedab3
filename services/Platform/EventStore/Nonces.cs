namespace Billing.Platform;

/// <summary>The nonces of requests, spent with their first command.</summary>
internal static class Nonces
{
    private static readonly Table<Nonce> Table = new Table<Nonce>("nonce")
        .Key("sender", row => row.Sender).Key("text", row => row.Text).Column("at", row => row.At).TakenAs(Nonce.Used);

    /// <summary>Adds the nonce of the present request to what its first command writes.</summary>
    public static void Spend(Rows rows)
    {
        if (AuditedOperation.Current is { Nonce: { } nonce, Commands: 0 })
            rows.Insert(Table, nonce);
    }
}
