// River in the setting of its own benchmark: 2,000 workers, a fetch every 2 ms at most. It answers as
// `../node/peer.mjs` does, one line of JSON for each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

const (
	batch    = 5_000
	warmUp   = 200
	business = "insert into business (what) values ($1)"
)

type options struct {
	URL        string  `json:"url"`
	Jobs       int     `json:"jobs"`
	SecondsMax float64 `json:"seconds_max"`
	Rate       int     `json:"rate"`
	Seconds    float64 `json:"seconds"`
	Callers    int     `json:"callers"`
	Tenants    int     `json:"tenants"`
	Flood      int     `json:"flood"`
	WorkMs     int     `json:"work_ms"`
	Workers    int     `json:"workers"`
	Rounds     int     `json:"rounds"`
}

// Nothing is a job that does nothing, the nth one.
type Nothing struct {
	N      int `json:"n"`
	Tenant int `json:"tenant"`
}

func (Nothing) Kind() string { return "nothing" }

type worker struct {
	river.WorkerDefaults[Nothing]
	handle func(Nothing)
}

func (w *worker) Work(_ context.Context, job *river.Job[Nothing]) error {
	w.handle(job.Args)
	return nil
}

type peer struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	handle atomic.Pointer[func(Nothing)]
}

var words = bufio.NewReader(os.Stdin)

func main() {
	var asked options
	if err := json.Unmarshal([]byte(os.Args[2]), &asked); err != nil {
		fail(err)
	}
	ctx := context.Background()
	it, err := open(ctx, asked)
	if err != nil {
		fail(err)
	}
	verbs := map[string]func(context.Context, *peer, options) (any, error){
		"burn-down": burnDown, "steady": steady, "enqueue": enqueue,
	}
	told, err := verbs[os.Args[1]](ctx, it, asked)
	if err != nil {
		fail(err)
	}
	say(told)
	stopping, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_ = it.client.Stop(stopping)
}

func open(ctx context.Context, asked options) (*peer, error) {
	config, err := pgxpool.ParseConfig(asked.URL)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 40
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	driver := riverpgxv5.New(pool)
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	it := &peer{pool: pool}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{handle: func(job Nothing) { (*it.handle.Load())(job) }})
	count := asked.Workers
	if count == 0 {
		count = 2_000
	}
	it.client, err = river.NewClient(driver, &river.Config{
		FetchCooldown:     2 * time.Millisecond,
		FetchPollInterval: 20 * time.Millisecond,
		Logger:            slog.New(slog.DiscardHandler),
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: count}},
		Workers:           workers,
	})
	return it, err
}

func (it *peer) work(ctx context.Context, handle func(Nothing)) error {
	it.handle.Store(&handle)
	return it.client.Start(ctx)
}

// burnDown: jobs that do nothing, all enqueued before the workers start.
func burnDown(ctx context.Context, it *peer, asked options) (any, error) {
	if err := it.enqueueMany(ctx, asked.Jobs, func(n int) Nothing { return Nothing{N: n} }); err != nil {
		return nil, err
	}
	ready()
	var done atomic.Int64
	all := make(chan struct{})
	start := time.Now()
	err := it.work(ctx, func(Nothing) {
		if done.Add(1) == int64(asked.Jobs) {
			close(all)
		}
	})
	if err != nil {
		return nil, err
	}
	select {
	case <-all:
	case <-time.After(time.Duration(asked.SecondsMax * float64(time.Second))):
	}
	return map[string]any{"done": done.Load(), "seconds": time.Since(start).Seconds()}, nil
}

// steady: jobs at a pace, beside as many of tenant 0 as the flood has; each works for so long.
func steady(ctx context.Context, it *peer, asked options) (any, error) {
	count := int(float64(asked.Rate) * asked.Seconds)
	committed, begun := make([]atomic.Int64, count), make([]atomic.Int64, count)
	var warm, left atomic.Int64
	left.Store(int64(count))
	origin := time.Now()
	err := it.work(ctx, func(job Nothing) {
		if job.N >= 0 {
			begun[job.N].Store(int64(time.Since(origin)))
			left.Add(-1)
		} else {
			warm.Add(1)
		}
		time.Sleep(time.Duration(asked.WorkMs) * time.Millisecond)
	})
	if err != nil {
		return nil, err
	}
	for range warmUp {
		if _, err := it.client.Insert(ctx, Nothing{N: -1}, nil); err != nil {
			return nil, err
		}
	}
	until(30*time.Second, func() bool { return warm.Load() == warmUp })
	ready()
	if err := it.enqueueMany(ctx, asked.Flood, func(int) Nothing { return Nothing{N: -1} }); err != nil {
		return nil, err
	}
	start := time.Since(origin) + 50*time.Millisecond
	due := func(n int) time.Duration { return start + time.Second*time.Duration(n)/time.Duration(asked.Rate) }
	var callers sync.WaitGroup
	for first := range asked.Callers {
		callers.Go(func() {
			for n := first; n < count; n += asked.Callers {
				time.Sleep(due(n) - time.Since(origin))
				job := Nothing{N: n, Tenant: 1 + n%asked.Tenants}
				if _, err := it.client.Insert(ctx, job, nil); err != nil {
					fail(err)
				}
				committed[n].Store(int64(time.Since(origin)))
			}
		})
	}
	callers.Wait()
	until(60*time.Second, func() bool { return left.Load() == 0 })
	afterCommit, afterDue := []int64{}, []int64{}
	for n := range count {
		if at := begun[n].Load(); at != 0 {
			afterCommit = append(afterCommit, max(0, at-committed[n].Load())/1_000)
			afterDue = append(afterDue, max(0, at-int64(due(n)))/1_000)
		}
	}
	told := map[string]any{
		"missing": count - len(afterDue), "after_commit_us": afterCommit, "after_due_us": afterDue,
	}
	return told, nil
}

type tally struct {
	Seconds     float64 `json:"seconds"`
	LatenciesUs []int64 `json:"latencies_us"`
}

// enqueue: a transaction with one insert, without a job and with one, in turns.
func enqueue(ctx context.Context, it *peer, asked options) (any, error) {
	ready()
	told := map[string][]tally{"without": {}, "with": {}}
	// The first warms up.
	for round := 0; round <= asked.Rounds; round++ {
		for _, kind := range []string{"without", "with"} {
			one := it.transact(ctx, kind == "with", asked)
			if round > 0 {
				told[kind] = append(told[kind], one)
			}
		}
	}
	return told, nil
}

func (it *peer) transact(ctx context.Context, isEnqueuing bool, asked options) tally {
	var (
		callers sync.WaitGroup
		lock    sync.Mutex
		all     []int64
	)
	start := time.Now()
	for range asked.Callers {
		callers.Go(func() {
			var took []int64
			for n := 0; time.Since(start).Seconds() < asked.Seconds; n++ {
				begun := time.Now()
				err := pgx.BeginFunc(ctx, it.pool, func(tx pgx.Tx) error {
					if _, err := tx.Exec(ctx, business, fmt.Sprintf("thing %d", n)); err != nil || !isEnqueuing {
						return err
					}
					_, err := it.client.InsertTx(ctx, tx, Nothing{N: n}, nil)
					return err
				})
				if err != nil {
					fail(err)
				}
				took = append(took, time.Since(begun).Microseconds())
			}
			lock.Lock()
			defer lock.Unlock()
			all = append(all, took...)
		})
	}
	callers.Wait()
	return tally{Seconds: time.Since(start).Seconds(), LatenciesUs: all}
}

func (it *peer) enqueueMany(ctx context.Context, count int, job func(n int) Nothing) error {
	for first := 0; first < count; first += batch {
		var jobs []river.InsertManyParams
		for n := first; n < min(first+batch, count); n++ {
			jobs = append(jobs, river.InsertManyParams{Args: job(n)})
		}
		if _, err := it.client.InsertManyFast(ctx, jobs); err != nil {
			return err
		}
	}
	return nil
}

// ready says that everything is prepared, and waits for the word.
func ready() {
	say(map[string]any{"ready": true})
	if _, err := words.ReadString('\n'); err != nil {
		fail(err)
	}
}

func say(what any) {
	if err := json.NewEncoder(os.Stdout).Encode(what); err != nil {
		fail(err)
	}
}

func until(patience time.Duration, isSo func() bool) {
	for end := time.Now().Add(patience); !isSo() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
