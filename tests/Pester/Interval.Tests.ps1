BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    function New-Interval($Start, $End, $Target, $Rights) {
        $interval = [ordered]@{ Start = $Start; End = $End }
        if ($null -ne $Target) { $interval.Target = $Target }
        if ($null -ne $Rights) { $interval.Rights = $Rights }
        [pscustomobject]$interval
    }

    function Get-Text {
        process {
            '{0:x}-{1:x}{2}{3} *{4}' -f $_.Start, $_.End, ($null -ne $_.Target ? '>{0:x}' -f $_.Target : ''), ($_.Rights ? " $($_.Rights)" : ''), $_.Count
        }
    }
}

Describe 'Compress-Interval' {
    It 'fuses what touches and agrees' {
        (New-Interval 0x1000 0x2000 0x9000 rw), (New-Interval 0x2000 0x3000 0xa000 rw), (New-Interval 0x3000 0x4000 0xb000 r),
        (New-Interval 0x4000 0x5000 0x1000 r), (New-Interval 0x6000 0x7000 0x3000 r) | Compress-Interval | Get-Text |
            Should -Be '1000-3000>9000 rw *2', '3000-4000>b000 r *1', '4000-5000>1000 r *1', '6000-7000>3000 r *1'
    }

    It 'fuses by <By>' -ForEach @(
        @{ By = 'Adjacency'; Expected = '1000-5000 *4', '6000-7000 *1' }
        @{ By = 'Target'; Expected = '1000-4000>9000 *3', '4000-5000>1000 *1', '6000-7000>3000 *1' }
        @{ By = 'Rights'; Expected = '1000-3000 rw *2', '3000-5000 r *2', '6000-7000 r *1' }
        @{ By = 'Target, Rights'; Expected = '1000-3000>9000 rw *2', '3000-4000>b000 r *1', '4000-5000>1000 r *1', '6000-7000>3000 r *1' }
        @{ By = 'Target', 'Rights'; Expected = '1000-3000>9000 rw *2', '3000-4000>b000 r *1', '4000-5000>1000 r *1', '6000-7000>3000 r *1' }) {
        $intervals = (New-Interval 0x1000 0x2000 0x9000 rw), (New-Interval 0x2000 0x3000 0xa000 rw), (New-Interval 0x3000 0x4000 0xb000 r),
        (New-Interval 0x4000 0x5000 0x1000 r), (New-Interval 0x6000 0x7000 0x3000 r)
        $intervals | Compress-Interval -By $By | Get-Text | Should -Be $Expected
        $intervals | Compress-Interval $By -Sorted | Get-Text | Should -Be $Expected
        Compress-Interval -InputObject $intervals -By $By | Get-Text | Should -Be $Expected
        $shuffled = $intervals[3, 0, 4, 2, 1]
        $shuffled | Compress-Interval -By $By | Get-Text | Should -Be $Expected
    }

    It 'takes objects with <Name>' -ForEach @(
        @{ Name = 'Start and End'; Item = [pscustomobject]@{ Start = 0x1000; End = 0x3000 } }
        @{ Name = 'Start and Size'; Item = [pscustomobject]@{ Start = 0x1000; Size = 0x2000 } }
        @{ Name = 'VirtualAddress and Size'; Item = [pscustomobject]@{ VirtualAddress = 0x1000; Size = 0x2000 } }
        @{ Name = 'Address and Length'; Item = [pscustomobject]@{ Address = 0x1000; Length = 0x2000 } }
        @{ Name = 'StartAddress and EndAddress'; Item = [pscustomobject]@{ StartAddress = 0x1000; EndAddress = 0x3000 } }
        @{ Name = 'hexadecimal text'; Item = [pscustomobject]@{ Start = '0x1000'; End = '0x3000' } }
        @{ Name = 'decimal text'; Item = [pscustomobject]@{ Start = '4096'; End = '12288' } }) {
        $Item | Compress-Interval | Get-Text | Should -Be '1000-3000 *1'
    }

    It 'takes negative Int64s as the addresses they are' {
        New-Interval 0xffff888000000000 0xffff888000001000 | Compress-Interval | Get-Text |
            Should -Be 'ffff888000000000-ffff888000001000 *1'
    }

    It 'goes up to the top of the address space' {
        $top = [pscustomobject]@{ Start = 0xfffffffffffff000; Size = 0x1000 } | Compress-Interval
        $top.End | Should -Be ([ulong]::MaxValue)
        $top.Size | Should -Be 0x1000
        $again = $top | Compress-Interval
        $again.Size | Should -Be 0x1000
    }

    It 'merges alike intervals that overlap, and duplicates' {
        (New-Interval 0x1000 0x3000), (New-Interval 0x2000 0x4000), (New-Interval 0x2000 0x4000), (New-Interval 0x1000 0x1800) |
            Compress-Interval | Get-Text | Should -Be '1000-4000 *4'
    }

    It 'never merges unlike intervals, whether they overlap or not' {
        (New-Interval 0x1000 0x3000 0x9000), (New-Interval 0x2000 0x4000 0x1000), (New-Interval 0x3000 0x4000 0xb000) |
            Compress-Interval | Get-Text | Should -Be '1000-4000>9000 *2', '2000-4000>1000 *1'
        (New-Interval 0x1000 0x3000 $null r), (New-Interval 0x1000 0x3000 $null w) | Compress-Interval | Get-Text |
            Should -HaveCount 2
    }

    It 'changes nothing the second time' {
        $once = Get-PageTableMapping $sample -PerPage | Compress-Interval
        $twice = $once | Compress-Interval
        $twice.Count | Should -Be $once.Count
        Compare-Object $once $twice -Property VirtualAddress, Size, PhysicalAddress, SupervisorRights, UserRights, Global, Kind |
            Should -BeNullOrEmpty
    }

    It 'gives nothing for nothing' {
        @() | Compress-Interval | Should -BeNullOrEmpty
        @() | Compress-Interval -Sorted | Should -BeNullOrEmpty
    }

    It 'completes the names of -By' {
        { New-Interval 1 2 | Compress-Interval -By Colour } |
            Should -Throw -ErrorId "CannotConvertArgumentNoMessage,$commands.CompressIntervalCommand"
    }
}

Describe 'Compress-Interval -Sorted' {
    It 'emits before the last interval came in' {
        $events = [System.Collections.Generic.List[string]]::new()
        1..5 | ForEach-Object { $events.Add("in $_"); New-Interval ($_ * 0x10000) ($_ * 0x10000 + 0x1000) } |
            Compress-Interval -Sorted | ForEach-Object { $events.Add('out {0}' -f ($_.Start / 0x10000)) }
        $events | Should -Be 'in 1', 'in 2', 'out 1', 'in 3', 'out 2', 'in 4', 'out 3', 'in 5', 'out 4', 'out 5'
    }

    It 'needs no more than one output to end upstream' {
        $events = [System.Collections.Generic.List[string]]::new()
        $first = 1..5 | ForEach-Object { $events.Add("in $_"); New-Interval ($_ * 0x10000) ($_ * 0x10000 + 0x1000) } |
            Compress-Interval -Sorted | Select-Object -First 1
        $first.Start | Should -Be 0x10000
        $events | Should -Be 'in 1', 'in 2'
    }

    It 'collects everything without it' {
        $events = [System.Collections.Generic.List[string]]::new()
        1..3 | ForEach-Object { $events.Add("in $_"); New-Interval ($_ * 0x10000) ($_ * 0x10000 + 0x1000) } |
            Compress-Interval | ForEach-Object { $events.Add('out') }
        $events | Should -Be 'in 1', 'in 2', 'in 3', 'out', 'out', 'out'
    }

    It 'ends with IntervalNotSorted when the input isn''t' {
        { (New-Interval 0x3000 0x4000), (New-Interval 0x1000 0x2000) | Compress-Interval -Sorted } |
            Should -Throw -ErrorId "IntervalNotSorted,$commands.CompressIntervalCommand"
    }

    It 'gives the same as without it on the sample' {
        $pages = Get-PageTableMapping $sample -PerPage
        $whole = $pages | Compress-Interval | ForEach-Object ToString
        $pages | Compress-Interval -Sorted | ForEach-Object ToString | Should -Be $whole
    }
}

Describe 'What Compress-Interval refuses' {
    It 'is an error of its own and no end: <Name>' -ForEach @(
        @{ Name = 'no start'; Item = [pscustomobject]@{ Size = 0x1000 } }
        @{ Name = 'no end'; Item = [pscustomobject]@{ Start = 0x1000 } }
        @{ Name = 'a size of 0'; Item = [pscustomobject]@{ Start = 0x1000; Size = 0 } }
        @{ Name = 'an end below the start'; Item = [pscustomobject]@{ Start = 0x2000; End = 0x1000 } }
        @{ Name = 'an end at the start'; Item = [pscustomobject]@{ Start = 0x2000; End = 0x2000 } }
        @{ Name = 'past the top'; Item = [pscustomobject]@{ Start = 0xfffffffffffff000; Size = 0x2000 } }
        @{ Name = 'text that is no number'; Item = [pscustomobject]@{ Start = 'here'; End = 'there' } }
        @{ Name = 'negative text'; Item = [pscustomobject]@{ Start = '-4096'; Size = '4096' } }
        @{ Name = 'a number'; Item = 42 }
        @{ Name = 'a date'; Item = [datetime]::UnixEpoch }) {
        $result = (New-Interval 0x1000 0x2000), $Item, (New-Interval 0x2000 0x3000) |
            Compress-Interval -ErrorVariable failures -ErrorAction SilentlyContinue
        $result | Get-Text | Should -Be '1000-3000 *2'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be "IntervalInvalid,$commands.CompressIntervalCommand"
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }
}

Describe 'Compress-Interval on mappings' {
    It 'makes the walker''s runs of single pages again' {
        # The walk keeps page sizes apart, Compress-Interval doesn't, so the runs are fused too where sizes mix.
        $runs = Get-PageTableMapping $sample -MaximumAddress 0x7fffffffffff |
            ForEach-Object { "$_ $($_.PageSize) $($_.Level) $($_.Global) $($_.Accessed) $($_.Dirty)" }
        Get-PageTableMapping $sample -MaximumAddress 0x7fffffffffff -PerPage | Compress-Interval |
            ForEach-Object { "$_ $($_.PageSize) $($_.Level) $($_.Global) $($_.Accessed) $($_.Dirty)" } | Should -Be $runs
        $whole = Get-PageTableMapping $sample | Compress-Interval | ForEach-Object ToString
        Get-PageTableMapping $sample -PerPage | Compress-Interval | ForEach-Object ToString | Should -Be $whole
    }

    It 'gives mappings, which are exported to the same bytes' {
        $fused = Get-PageTableMapping $sample -PerPage | Compress-Interval
        $fused | Should -BeOfType ElfMmu.Spaces.PageTableMapping
        $fused | Export-ElfCore "$TestDrive/fused.elf"
        Get-PageTableMapping $sample | Export-ElfCore "$TestDrive/direct.elf"
        Get-Hash "$TestDrive/fused.elf" | Should -Be (Get-Hash "$TestDrive/direct.elf")
    }

    It 'keeps address spaces apart' {
        $both = foreach ($root in 0x904000ul, 0x942000ul) { Get-PageTableMapping $sample -Root $root -MinimumAddress 0xffff800000000000 }
        $fused = $both | Compress-Interval
        $fused | Group-Object Root | Should -HaveCount 2
        $one = Get-PageTableMapping $sample -MinimumAddress 0xffff800000000000 | Compress-Interval
        @($fused | Where-Object Root -EQ 0x904000ul).Count | Should -Be $one.Count
        $both | Compress-Interval -By Adjacency | Measure-Object | ForEach-Object Count | Should -BeGreaterThan 1
    }

    It 'gives bare intervals where targets or rights don''t count' {
        $region = Get-SampleRegion | Where-Object Kind -EQ 'alternating-perm-odd-ro'
        $mappings = Get-PageTableMapping $sample -MinimumAddress $region.Start -MaximumAddress ($region.Start + $region.Size - 1)
        $interval = $mappings | Compress-Interval -By Adjacency
        $interval | Should -BeOfType ElfMmu.PowerShell.Commands.AddressInterval
        $interval.Start | Should -Be $region.Start
        $interval.Size | Should -Be $region.Size
        $interval.Count | Should -Be $mappings.Count
        $interval.Target | Should -BeNullOrEmpty
        $interval.Rights | Should -BeNullOrEmpty
        ($mappings | Compress-Interval -By Rights)[0].Rights | Should -Be 'rw- rw- Ram'
    }

    It 'survives CSV: Export-Csv, Import-Csv, and the same intervals' {
        $mappings = Get-PageTableMapping $sample -PerPage -MaximumAddress 0x7fffffffffff
        $mappings | Select-Object VirtualAddress, Size, PhysicalAddress, SupervisorRights, UserRights, Kind, Root |
            Export-Csv "$TestDrive/pages.csv"
        $fused = Import-Csv "$TestDrive/pages.csv" | Compress-Interval
        $expected = $mappings | Compress-Interval
        $fused | ForEach-Object { '{0} {1} {2} {3}' -f $_.Start, $_.Size, $_.Target, $_.Rights } |
            Should -Be ($expected |
                ForEach-Object { '{0} {1} {2} {3}' -f $_.VirtualAddress, $_.Size, $_.PhysicalAddress, "$($_.SupervisorRights) $($_.UserRights) $($_.Kind)" })
        $fused | Export-Csv "$TestDrive/fused.csv"
        Import-Csv "$TestDrive/fused.csv" | Compress-Interval | Measure-Object | ForEach-Object Count | Should -Be $fused.Count
    }
}
