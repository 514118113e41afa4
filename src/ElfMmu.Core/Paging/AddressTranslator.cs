namespace ElfMmu.Paging;

/// <summary>
/// Translates single virtual addresses as the MMU does. What it gives is what a walk of the whole space gives for that address, without
/// the walk's bounds on shared tables. It keeps what it read last, so every thread has its own; it
/// reads tables where the dump's file is mapped, so it must not be used after the last lease on the dump was given back.
/// </summary>
public abstract class AddressTranslator
{
    /// <summary>Translates an address. O(levels).</summary>
    /// <param name="address">The virtual address; it may carry a tag where the processor ignores it.</param>
    public abstract Translation Translate(ulong address);

    /// <summary>Translates many addresses, in any order. O(levels) each, and less for those near ones that were translated before.</summary>
    /// <param name="addresses">The virtual addresses.</param>
    /// <param name="translations">Takes the outcome of each; at least as long.</param>
    public virtual void Translate(ReadOnlySpan<ulong> addresses, Span<Translation> translations)
    {
        for (int i = 0; i < addresses.Length; i++)
        {
            translations[i] = Translate(addresses[i]);
        }
    }
}
