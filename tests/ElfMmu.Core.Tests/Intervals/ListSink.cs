using ElfMmu.Intervals;

namespace ElfMmu.Tests.Intervals;

/// <summary>Keeps all it's given.</summary>
internal readonly struct ListSink<TTag>() : IFuseSink<TTag>
{
    public List<FuseItem<TTag>> Items { get; } = [];

    public void Emit(in FuseItem<TTag> item) => Items.Add(item);
}
