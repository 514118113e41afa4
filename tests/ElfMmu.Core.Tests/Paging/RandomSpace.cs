using System.Buffers.Binary;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;

namespace ElfMmu.Tests.Paging;

/// <summary>
/// A small memory full of page tables made at random, with a state of the processor, in one mode: tables are shared, point to
/// themselves, to data and out of the dump, and any bit may be wrong. Only a few indexes are used, so that every mapped page can
/// be enumerated; a literal reading of the manual says what each address translates to.
/// </summary>
internal abstract class RandomSpace(int seed) : IDisposable
{
    private static readonly string[] Refusals =
        ["ControlInvalid", "RootNotInDump", "RegistersRequired"];

    /// <summary>Where all chance comes from.</summary>
    protected Random Random { get; } = new(seed);

    /// <summary>The mode.</summary>
    public abstract PagingMode Mode { get; }

    /// <summary>The smallest page size that the tables can have: limits of addresses are rounded outwards to it.</summary>
    public virtual ulong SmallestPage => Mode.Granule;

    /// <summary>What to walk: memory, the value of the root register or an address, the processor's state.</summary>
    public abstract WalkRequest Request { get; }

    /// <summary>
    /// The same with the root as the engine takes it. What could be an address and a register's value is what stands in memory, as
    /// when a user gives it.
    /// </summary>
    public WalkRequest Decoded
    {
        get
        {
            ulong root = Mode.DecodeRoot(Request.Root!.Value, Request.Options);
            ulong register = Mode.DecodeRegister(Request.Root!.Value, Request.Options);
            int hint = 0;
            bool isRegister = !Request.Memory.TryFind(root, ref hint) && Request.Memory.TryFind(register, ref hint);
            return Request with { Root = isRegister ? register : root };
        }
    }

    /// <summary>
    /// Walks with some request. What the engine refuses as a whole (a register that can't be right, a root that isn't there) has to
    /// fault everywhere by the manual, and maps nothing.
    /// </summary>
    public List<Mapping> Walk(Func<WalkRequest, WalkRequest> request)
    {
        try
        {
            return Mode.Walk(request(Decoded), out _);
        }
        catch (ElfMmuException e) when (Refusals.Contains(e.ErrorId) && Addresses().All(a => Translate(a) == null))
        {
            return [];
        }
    }

    /// <summary>What the manual says of one address: what that very address maps to, or null for a fault.</summary>
    public abstract ManualPage? Translate(ulong address);

    /// <summary>The first address of everything that the used entries can select.</summary>
    public abstract IEnumerable<ulong> Addresses();

    /// <summary>An address anywhere, near a used one or not, canonical or not.</summary>
    public virtual ulong Anywhere()
    {
        ulong[] all = [.. Addresses().Take(50)];
        ulong address = all[Random.Next(all.Length)] ^ (1UL << Random.Next(64)) ^ (ulong)Random.NextInt64(1 << 22);
        return Random.Next(3) == 0 ? (ulong)Random.NextInt64() : address;
    }

    /// <summary>Reads a number of 4 or 8 bytes in the order of the tables; null where there is no memory.</summary>
    public ulong? Read(ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes = bytes[..size];
        if (!Request.Memory.TryRead(address, bytes))
        {
            return null;
        }

        if (Request.Options.ByteOrder == ByteOrder.Big)
        {
            bytes.Reverse();
        }

        return size == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => Request.Memory.Dispose();

    /// <summary>True in one of so many cases.</summary>
    protected bool Chance(int one, int of) => Random.Next(of) < one;
}
