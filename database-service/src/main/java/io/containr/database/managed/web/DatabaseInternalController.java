package io.containr.database.managed.web;

import io.containr.database.managed.Database;
import io.containr.database.managed.DatabaseCatalog;
import io.containr.database.managed.web.DatabaseController.CreateDatabaseRequest;
import io.containr.runtime.security.Actor;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** For project-service, which has databases made of templates in the name of their users; the gateway routes nothing of it. */
@RestController
class DatabaseInternalController {

    private final DatabaseCatalog catalog;
    private final DatabaseOrders orders;

    DatabaseInternalController(DatabaseCatalog catalog, DatabaseOrders orders) {
        this.catalog = catalog;
        this.orders = orders;
    }

    /** As the public one, with the smallest plan and the first region where none is named. */
    @PostMapping("/internal/databases")
    @ResponseStatus(HttpStatus.CREATED)
    CreatedBody create(@RequestBody CreateDatabaseRequest request, Actor actor) {
        Database database = catalog.create(orders.order(orders.completed(request)), actor);
        return new CreatedBody(database.id().toString());
    }

    record CreatedBody(String id) {}
}
