namespace Billing.Tools;

/// <summary>The services of the instance, each over HTTP.</summary>
internal sealed class Services : IDisposable
{
    public Api Customer { get; } = new(Instance.Customer);

    public Api Tariff { get; } = new(Instance.Tariff);

    public Api Invoicing { get; } = new(Instance.Invoicing);

    public Api Payments { get; } = new(Instance.Payments);

    public Api Collections { get; } = new(Instance.Collections);

    public void Dispose()
    {
        Customer.Dispose();
        Tariff.Dispose();
        Invoicing.Dispose();
        Payments.Dispose();
        Collections.Dispose();
    }
}
