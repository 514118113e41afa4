using ElfMmu.Elf;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>A data source as the ELF reader wants its input.</summary>
internal sealed class DataSourceElfInput(DataSource source) : IElfInput
{
    public ulong Length => source.Length;

    public string Name => source.Name;

    public void Read(ulong offset, Span<byte> destination) => source.Read(offset, destination);
}
